// SPDX-License-Identifier: Apache-2.0
#include "catalog/lookup.hpp"

#include <set>
#include <system_error>

#include "base/nearest.hpp"

namespace poolhost::catalog {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
}

// "libmath.so" and "math.so" are both found as "math"; empty for what is no library.
std::string plugin_name(const std::string& file_name) {
    constexpr std::string_view suffix = ".so", prefix = "lib";
    if (!file_name.ends_with(suffix)) return {};
    const std::string stem = file_name.substr(0, file_name.size() - suffix.size());
    return stem.starts_with(prefix) ? stem.substr(prefix.size()) : stem;
}

base::Result<fs::path> find_path(std::string_view path, const fs::path& base_folder) {
    fs::path file = (base_folder / path).lexically_normal();
    if (is_there(file)) return file;
    std::error_code ignored;
    if (fs::is_directory(file, ignored))
        return base::Error{"plugin '" + std::string(path) + "' is a folder; name the shared library in it"};
    return base::Error{"there is no plugin '" + std::string(path) + "'; looked for " + file.string()};
}

std::string list_of(std::span<const fs::path> folders) {
    std::string text;
    for (const fs::path& folder : folders) text += (text.empty() ? "" : ", ") + folder.string();
    return text.empty() ? "no folder (plugin_path is empty)" : text;
}

base::Error not_found(const std::string& name, std::span<const fs::path> folders) {
    const auto nearest = base::nearest_name(name, plugin_names(folders));
    const bool looks_like_file = name.ends_with(".so");
    return base::Error{"there is no plugin '" + name + "'; looked for lib" + name + ".so and " + name + ".so in " +
                       list_of(folders) + (nearest ? "; did you mean '" + *nearest + "'?" : "") +
                       (looks_like_file ? "; a path needs a '/', as in ./" + name : "")};
}

}  // namespace

base::Result<fs::path> find_plugin(std::string_view name_or_path, std::span<const fs::path> search_folders,
                                   const fs::path& base_folder) {
    const std::string name(name_or_path);
    if (name.empty() || name.find('\0') != std::string::npos) return base::Error{"a plugin needs a name or a path"};
    if (name.find('/') != std::string::npos) return find_path(name, base_folder);
    for (const fs::path& folder : search_folders)
        for (const fs::path& file : {folder / ("lib" + name + ".so"), folder / (name + ".so")})
            if (is_there(file)) return file;
    return not_found(name, search_folders);
}

std::vector<std::string> plugin_names(std::span<const fs::path> search_folders) {
    std::set<std::string> names;
    for (const fs::path& folder : search_folders) {
        std::error_code failed;
        fs::directory_iterator entry(folder, failed);
        for (; !failed && entry != fs::directory_iterator(); entry.increment(failed))
            if (std::string name = plugin_name(entry->path().filename().string()); !name.empty())
                names.insert(std::move(name));
    }
    return {names.begin(), names.end()};
}

}  // namespace poolhost::catalog
