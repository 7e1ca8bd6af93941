// SPDX-License-Identifier: Apache-2.0
// A worker from its birth to its orderly end, the same under every start method.
#pragma once

#include "base/fd.hpp"
#include "worker/template.hpp"

namespace poolhost::worker {

inline constexpr int start_failed_exit_code = 78;  // EX_CONFIG of sysexits.h; the host has been told why

/// Meets the host over `socket`, becomes the worker that it describes, and serves until told to stop. `prepared` is
/// empty for spawn, and prepared before the fork otherwise. Returns the exit code; what ends the process is to flush
/// standard output and to run no destructors of static objects.
int run_worker(base::UniqueFd socket, Template& prepared);

}  // namespace poolhost::worker
