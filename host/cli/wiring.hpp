// SPDX-License-Identifier: Apache-2.0
// What main() gives to the commands: the parts of the worker's side that they may use without knowing them.
#pragma once

#include "cli/private_host.hpp"

#include <filesystem>

namespace poolhost::cli {

struct Wiring {
    StarterFactory starters;
    std::filesystem::path worker_program;     // poolhost-worker, which also inspects plugins
    std::filesystem::path aftermath_program;  // poolhost-aftermath, sent out after a death
};

}  // namespace poolhost::cli
