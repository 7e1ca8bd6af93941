// SPDX-License-Identifier: Apache-2.0
// `poolhost call`: one task, run in a private host, and its result.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/private_host.hpp"

#include <optional>
#include <string>
#include <vector>

namespace poolhost::cli {

struct CallOptions {
    std::string task;
    std::vector<std::string> args;
    std::optional<std::string> json_args;  // --args: all at once, instead of `args`
    std::optional<std::string> pool;
    base::Duration timeout{0};  // 0: the task's or the pool's
    std::optional<base::Duration> deadline;
    bool json = false;                  // the whole outcome, failures too, on standard output
    std::optional<std::string> output;  // a file for the bytes of the result; "-" is standard output
};

/// No process is left when it returns.
ExitCode run_call(const CallOptions& options, const Plan& plan, const Wiring& wiring);

}  // namespace poolhost::cli
