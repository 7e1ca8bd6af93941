// SPDX-License-Identifier: Apache-2.0
// A kept call, run again by a worker that gdb holds.
#pragma once

#include "capsule/capsule_file.hpp"
#include "cli/exit_code.hpp"
#include "cli/replay_plan.hpp"
#include "cli/wiring.hpp"

namespace poolhost::cli {

/// At a terminal gdb has it, and stops at the crash; else gdb takes its commands from the standard input once the
/// process has crashed or ended. Returns when gdb has ended. No time limit holds meanwhile.
ExitCode run_under_gdb(const capsule::Contents& contents, const ReplayPlan& plan, const Wiring& wiring);

}  // namespace poolhost::cli
