// SPDX-License-Identifier: Apache-2.0
// `poolhost replay`: the call that a capsule keeps, shown, taken apart, or run again alone.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/wiring.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace poolhost::cli {

enum class ReplayMode {
    run,   // in a fresh worker
    gdb,   // the same, under the debugger
    look,  // show or extract: nothing runs
};

struct ReplayOptions {
    std::filesystem::path capsule;
    ReplayMode mode = ReplayMode::run;
    bool show = false;                             // print everything but the long values
    std::optional<std::filesystem::path> extract;  // a new folder for all of it
    std::optional<std::string> plugin;             // in place of the task's own: a file or a name
};

inline constexpr const char* replay_help =
    R"(The worker is made as the capsule says: plugins, environment, preload, initializer, limits. Where a plugin is another
build than it was, both build ids are named. A capsule names files to be loaded: replay only what you trust.
With --gdb and without a terminal, gdb takes its commands from the standard input, once the worker has stopped.

Exit status: 0 it succeeded, 1 it failed again, 2 the capsule or a plugin cannot be used, 3 no worker can be started.

Examples:
  poolhost replay thumbnail.capsule
  poolhost replay thumbnail.capsule --show
  poolhost replay thumbnail.capsule --gdb
  poolhost replay thumbnail.capsule --plugin build/asan/libimage.so
)";

/// No process is left when it returns.
ExitCode run_replay(const ReplayOptions& options, const Wiring& wiring);

}  // namespace poolhost::cli
