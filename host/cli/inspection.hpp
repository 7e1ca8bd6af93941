// SPDX-License-Identifier: Apache-2.0
// What a plugin's code says of it, as opposed to its manifest: loaded in a limited process that is thrown away.
#pragma once

#include "base/clock.hpp"
#include "catalog/manifest.hpp"
#include "cli/private_host.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::cli {

struct LoadedTask {
    std::string name;
    bool idempotent = false;
    std::chrono::nanoseconds timeout{0};  // 0: none of its own
};

/// The table of a loaded plugin.
struct LoadedPlugin {
    std::string name;
    std::string version;
    std::string abi;
    bool fork_safe = true;
    std::vector<LoadedTask> tasks;
};

inline constexpr base::Duration inspection_limit = std::chrono::seconds(30);

/// Runs `worker_program inspect FILE` on the host's loop, and kills it at the limit or when `stop` says so. The error
/// names the plugin and says why it cannot be loaded, or how the process ended.
base::Result<LoadedPlugin> load_apart(PrivateHost& host, const std::filesystem::path& worker_program,
                                      const std::filesystem::path& plugin, const std::function<bool()>& stop);

/// Reads what the process printed: one line of JSON.
base::Result<LoadedPlugin> parse_inspection(std::string_view line);

/// Where manifest and table disagree, in words; empty where they do not.
std::vector<std::string> differences(const catalog::Manifest& manifest, const LoadedPlugin& loaded);

}  // namespace poolhost::cli
