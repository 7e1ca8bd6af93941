// SPDX-License-Identifier: Apache-2.0
// From a YAML file to a checked configuration, or to the list of everything that is wrong with it.
#pragma once

#include "config/host_config.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace poolhost::config {

using ConfigResult = boost::system::result<HostConfig, Faults>;

enum class Depth {
    parse_only,  ///< the text alone: nothing outside of it is looked at
    full,        ///< plugins, tasks, folders and CPUs as well, as they are on this machine now
};

struct LoadOptions {
    Depth depth = Depth::full;
    /// Folders searched after the file's plugin_path: $POOLHOST_PLUGIN_PATH, then the installed folder.
    std::vector<std::filesystem::path> further_plugin_folders;
    /// What `processes: auto` means here; 0: find out.
    std::uint32_t usable_cpus = 0;
};

/// $POOLHOST_PLUGIN_PATH, the folder of the installed plugins and a build tree's own, for
/// LoadOptions::further_plugin_folders.
std::vector<std::filesystem::path> standard_plugin_folders();

/// Never throws. The faults are in the order of the file. Bounds: 1 MiB of text, 64
/// levels, 100000 values, and the first 1000 faults.
ConfigResult load_config(const std::filesystem::path& file, const LoadOptions& options);

/// The same for text that is in memory; `file` gives it a name and says what relative paths are relative to.
ConfigResult load_config_text(std::string_view text, const std::filesystem::path& file, const LoadOptions& options);

[[noreturn]] void throw_exception_from_error(const Faults& faults, const boost::source_location& place);

}  // namespace poolhost::config
