// SPDX-License-Identifier: Apache-2.0
// `poolhost new`: a plugin project that builds, tests and runs as written.
#pragma once

#include "base/error.hpp"
#include "cli/exit_code.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::cli {

struct NewOptions {
    std::string name;
};

/// Writes the folder NAME below the current one.
ExitCode run_new(const NewOptions& options);

struct ProjectFile {
    std::string name;  // within the project's folder
    std::string text;
};

/// Whether a plugin, its CMake target and its project can be called so.
base::Result<void> check_project_name(std::string_view name);
std::vector<ProjectFile> project_files(std::string_view name);
/// Makes the folder, which must not exist or be empty, and its files.
base::Result<void> write_project(const std::filesystem::path& folder, const std::vector<ProjectFile>& files);

}  // namespace poolhost::cli
