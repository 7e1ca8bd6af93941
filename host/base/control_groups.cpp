// SPDX-License-Identifier: Apache-2.0
#include "base/control_groups.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace poolhost::base {
namespace {

std::vector<std::string> words(const std::string& line) {
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

bool names(const std::string& comma_separated, std::string_view controller) {
    std::string wanted = ",";
    wanted.append(controller).append(",");
    return ("," + comma_separated + ",").find(wanted) != std::string::npos;
}

// The path of our group: lines "ID:CONTROLLERS:PATH", without controllers in version 2.
std::optional<std::string> group_path(const std::string& cgroup_file, bool unified, std::string_view controller) {
    std::istringstream lines(cgroup_file);
    for (std::string line; std::getline(lines, line);) {
        const auto first = line.find(':');
        const auto second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        if (unified ? controllers.empty() : names(controllers, controller)) return line.substr(second + 1);
    }
    return std::nullopt;
}

// The part of `path` below what is mounted (`root`), without a slash at its end.
std::string below(const std::string& path, const std::string& root) {
    std::string rest = root != "/" && path.starts_with(root) ? path.substr(root.size()) : path;
    while (rest.ends_with('/')) rest.pop_back();
    return rest.starts_with("/..") || (!rest.empty() && !rest.starts_with('/')) ? "" : rest;
}

std::vector<std::string> with_ancestors(const std::string& mount_point, std::string group) {
    std::vector<std::string> folders;
    for (;; group.resize(group.rfind('/'))) {
        folders.push_back(mount_point + group);
        if (group.find('/') == std::string::npos) return folders;
    }
}

// One line of mountinfo: ID PARENT DEVICE ROOT MOUNT_POINT OPTIONS … - TYPE SOURCE SUPER_OPTIONS
std::optional<ControlGroup> group_of(const std::string& mount_line, const std::string& cgroup_file,
                                     std::string_view controller) {
    const auto fields = words(mount_line);
    const auto dash = std::ranges::find(fields, "-");
    if (fields.size() < 6 || fields.end() - dash < 4) return std::nullopt;
    const bool unified = dash[1] == "cgroup2";
    if (!unified && (dash[1] != "cgroup" || !names(dash[3], controller))) return std::nullopt;
    const auto path = group_path(cgroup_file, unified, controller);
    if (!path) return std::nullopt;
    return ControlGroup{unified, with_ancestors(fields[4], below(*path, fields[3]))};
}

}  // namespace

std::vector<ControlGroup> control_groups(const ReadFile& read, std::string_view controller) {
    std::vector<ControlGroup> groups;
    const auto cgroup_file = read("/proc/self/cgroup");
    std::istringstream mounts(read("/proc/self/mountinfo").value_or(""));
    if (!cgroup_file) return groups;
    for (std::string line; std::getline(mounts, line);) {
        if (auto group = group_of(line, *cgroup_file, controller)) groups.push_back(std::move(*group));
    }
    return groups;
}

std::optional<std::string> read_small_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace poolhost::base
