// SPDX-License-Identifier: Apache-2.0
// How a command ends, as scripts see it.
#pragma once

#include "wire/call_error.hpp"

namespace poolhost::cli {

enum class ExitCode : int {
    success = 0,
    failed = 1,   // a task failed
    usage = 2,    // command line, configuration, bad_arguments, unknown_task, unknown_pool
    no_host = 3,  // unreachable, cannot start, lost, stopping, pool_unavailable
    interrupted = 130,
    output_gone = 141  // whoever read the output went away
};

/// For a single call that failed so.
ExitCode exit_code_of(const wire::CallError& error);

}  // namespace poolhost::cli
