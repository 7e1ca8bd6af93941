// SPDX-License-Identifier: Apache-2.0
// From a capsule to the pool in which its call is run again.
#pragma once

#include "cli/private_host.hpp"
#include "wire/capsule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace poolhost::cli {

/// A sanitizer whose run-time has to be in the worker before the plugin that was built with it.
struct Sanitizer {
    std::string library;      // for LD_PRELOAD
    std::string options_env;  // ASAN_OPTIONS or TSAN_OPTIONS
    std::string options;      // what is in it already is kept
};

struct ReplayPlan {
    PlannedPool pool;
    std::vector<std::string> notes;  // what is not as it was, for the user
    std::optional<Sanitizer> sanitizer;
};

/// One worker, as it was described when the capsule was written. `plugin`: a file or name in place of the task's own
/// plugin. The error says what is missing.
base::Result<ReplayPlan> plan_replay(const wire::Capsule& capsule, const std::optional<std::string>& plugin);

/// The sanitizer that a plugin file needs, by the libraries that it names.
std::optional<Sanitizer> sanitizer_of(const std::vector<std::string>& needed_libraries);

}  // namespace poolhost::cli
