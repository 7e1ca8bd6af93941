// SPDX-License-Identifier: Apache-2.0
// From the name of a plugin to its file.
#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::catalog {

/// Something with a '/' is a path, relative to `base_folder`. Everything else is a name, looked up in each folder in
/// order as lib<name>.so, then <name>.so; folders that do not exist are skipped. The error lists what was searched, and
/// the nearest name that is there. The file is not opened.
base::Result<std::filesystem::path> find_plugin(std::string_view name_or_path,
                                                std::span<const std::filesystem::path> search_folders,
                                                const std::filesystem::path& base_folder);

/// The names under which find_plugin() finds something in these folders, sorted, without duplicates.
std::vector<std::string> plugin_names(std::span<const std::filesystem::path> search_folders);

}  // namespace poolhost::catalog
