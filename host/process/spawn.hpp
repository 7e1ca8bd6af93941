// SPDX-License-Identifier: Apache-2.0
// Executes a program as a child that was set up as every child is.
#pragma once

#include "base/error.hpp"
#include "process/child_setup.hpp"
#include "process/process.hpp"
#include "process/starter.hpp"

namespace poolhost::process {

/// Returns once the program runs, or with the reason why it cannot be executed.
base::Result<Process> spawn(const Program& program, const Endowment& endowment);

}  // namespace poolhost::process
