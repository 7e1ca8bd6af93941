// SPDX-License-Identifier: Apache-2.0
// A program that is a child like all others but speaks to the host's own standard output and error: a debugger.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"
#include "process/process.hpp"
#include "process/starter.hpp"

namespace poolhost::process {

struct BesideHost {
    Process process;
    base::UniqueFd socket;  // the host's end; the program and what it executes have the other one as a worker has it
};

/// Needs become_supervisor().
base::Result<BesideHost> spawn_beside_host(const Program& program);

}  // namespace poolhost::process
