// SPDX-License-Identifier: Apache-2.0
// Which host a command asked for, and what that host could run.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/private_host.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::cli {

/// --config, or --plugin with its companions, or --connect.
struct HostChoice {
    std::optional<std::filesystem::path> config;
    std::vector<std::string> plugins;  // files, or names as `plugins` of a configuration has them
    std::optional<std::uint32_t> processes;
    std::optional<base::StartMethod> method;
    std::optional<std::string> connect;
};

/// Why there is no plan: lines for standard error, as they are to be written.
struct NoPlan {
    ExitCode code = ExitCode::usage;
    std::vector<std::string> lines;
};

/// Reads the configuration or the plugins' manifests; starts nothing.
boost::system::result<Plan, NoPlan> make_plan(const HostChoice& choice);

/// All faults of a configuration, one a line, or the configuration.
boost::system::result<config::HostConfig, NoPlan> load_configuration(const std::filesystem::path& file);

/// The plugin file that somebody means: a path, or a name that is looked up in the standard folders.
base::Result<std::filesystem::path> plugin_file(const std::string& name_or_path);

/// The task of a pool; `unknown_task` where it has none of that name.
boost::system::result<const catalog::TaskManifest*, wire::CallError> find_task(const PlannedPool& pool,
                                                                               std::string_view task);

}  // namespace poolhost::cli
