// SPDX-License-Identifier: Apache-2.0
#include "cli/new_project.hpp"

#include "base/fd.hpp"
#include "base/name.hpp"
#include "cli/print.hpp"
#include "cli/templates.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace poolhost::cli {
namespace {

// CMake keeps these names for targets of its own.
constexpr std::array<std::string_view, 10> targets_of_cmake{
    "all",     "clean",          "edit_cache",    "help", "install", "list_install_components",
    "package", "package_source", "rebuild_cache", "test"};

std::string replace_all(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
    return text;
}

std::string name_of_file(std::string_view template_name, const std::string& project) {
    if (template_name == "plugin.hpp") return project + ".hpp";
    if (template_name == "plugin.cpp") return project + ".cpp";
    if (template_name == "test.cpp") return project + "_test.cpp";
    if (template_name == "config.yaml") return project + ".yaml";
    if (template_name == "gitignore") return ".gitignore";
    return std::string(template_name);
}

// What somebody who wrote "my-plugin" wanted.
std::string possible_name(std::string_view name) {
    std::string possible(name);
    std::ranges::replace_if(
        possible, [](char c) { return !base::is_valid_name(std::string("_") + c); }, '_');
    return base::is_valid_name(possible) ? possible : "_" + possible;
}

base::Result<void> write_new(const std::filesystem::path& path, std::string_view text) {
    const base::UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd) return base::system_error("cannot make " + path.string());
    while (!text.empty()) {
        const ssize_t size = ::write(fd.get(), text.data(), text.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return base::system_error("cannot write " + path.string());
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    return {};
}

base::Result<void> make_folder(const std::filesystem::path& folder) {
    std::error_code failed;
    if (std::filesystem::create_directory(folder, failed)) return {};
    if (failed) return base::Error{"cannot make the folder " + folder.string() + ": " + failed.message()};
    if (std::filesystem::is_empty(folder, failed)) return {};
    return base::Error{folder.string() + " exists already, and is not empty; nothing was written"};
}

}  // namespace

base::Result<void> check_project_name(std::string_view name) {
    if (!base::is_valid_name(name)) {
        return base::Error{"a plugin cannot be called '" + std::string(name) +
                           "': letters, digits and underscores, no digit first; " +
                           (name.empty() ? "such as greeter" : "'" + possible_name(name) + "' would do")};
    }
    if (name == "poolhost") return base::Error{"'poolhost' is the name of the built-in tasks; choose another"};
    if (std::ranges::find(targets_of_cmake, name) != targets_of_cmake.end()) {
        return base::Error{"CMake has a target '" + std::string(name) + "' of its own; choose another name"};
    }
    return {};
}

std::vector<ProjectFile> project_files(std::string_view name) {
    const std::string project(name);
    std::vector<ProjectFile> files;
    for (const TemplateFile& file : template_files()) {
        files.push_back({name_of_file(file.name, project), replace_all(std::string(file.text), "@NAME@", project)});
    }
    return files;
}

base::Result<void> write_project(const std::filesystem::path& folder, const std::vector<ProjectFile>& files) {
    if (auto made = make_folder(folder); !made) return made;
    for (const ProjectFile& file : files) {
        if (auto written = write_new(folder / file.name, file.text); !written) return written;
    }
    return {};
}

ExitCode run_new(const NewOptions& options) {
    const std::filesystem::path folder = options.name;
    auto written = check_project_name(options.name);
    const auto files = project_files(options.name);
    if (written) written = write_project(folder, files);
    if (!written) {
        complain("new: " + written.error().message);
        return ExitCode::usage;
    }
    std::string text = "Wrote " + folder.string() + "/:";
    for (const ProjectFile& file : files) text += " " + file.name;
    text += "\nNext: cd " + options.name + " && cmake -B build && cmake --build build && poolhost call " +
            options.name + ".hello world --config " + options.name + ".yaml\n";
    return print(text);
}

}  // namespace poolhost::cli
