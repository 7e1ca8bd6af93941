// SPDX-License-Identifier: Apache-2.0
#include "config/cpus.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace poolhost::config {
namespace {

/// A mounted hierarchy of control groups, and where in it this process is.
struct Hierarchy {
    bool unified = false;  // version 2
    std::string mount_point;
    std::string group;  // below the mount point: "" or "/a/b"
};

std::optional<double> positive(std::string_view text) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc{} && number > 0 ? std::optional(static_cast<double>(number)) : std::nullopt;
}

// cpu.max: "QUOTA PERIOD" or "max PERIOD", in microseconds.
std::optional<double> unified_quota(const ReadFile& read, const std::string& folder) {
    const auto text = read(folder + "/cpu.max");
    if (!text) return std::nullopt;
    const auto blank = text->find(' ');
    if (blank == std::string::npos) return std::nullopt;
    const auto quota = positive(std::string_view(*text).substr(0, blank));
    const auto period = positive(std::string_view(*text).substr(blank + 1));
    return quota && period ? std::optional(*quota / *period) : std::nullopt;
}

// A quota of -1 means none.
std::optional<double> legacy_quota(const ReadFile& read, const std::string& folder) {
    const auto quota = positive(read(folder + "/cpu.cfs_quota_us").value_or(""));
    const auto period = positive(read(folder + "/cpu.cfs_period_us").value_or(""));
    return quota && period ? std::optional(*quota / *period) : std::nullopt;
}

std::optional<double> tighter(std::optional<double> a, std::optional<double> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

std::optional<double> quota_of(const ReadFile& read, const Hierarchy& hierarchy) {
    std::optional<double> tightest;
    for (std::string group = hierarchy.group;; group.resize(group.rfind('/'))) {
        const std::string folder = hierarchy.mount_point + group;
        tightest = tighter(tightest, hierarchy.unified ? unified_quota(read, folder) : legacy_quota(read, folder));
        if (group.find('/') == std::string::npos) return tightest;
    }
}

std::vector<std::string> words(const std::string& line) {
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

bool names_cpu(const std::string& comma_separated) {
    return ("," + comma_separated + ",").find(",cpu,") != std::string::npos;
}

// The path of our group: lines "ID:CONTROLLERS:PATH", without controllers in version 2.
std::optional<std::string> group_path(const std::string& cgroup_file, bool unified) {
    std::istringstream lines(cgroup_file);
    for (std::string line; std::getline(lines, line);) {
        const auto first = line.find(':');
        const auto second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        if (unified ? controllers.empty() : names_cpu(controllers)) return line.substr(second + 1);
    }
    return std::nullopt;
}

// The part of `path` below what is mounted (`root`), without a slash at its end.
std::string below(const std::string& path, const std::string& root) {
    std::string rest = root != "/" && path.starts_with(root) ? path.substr(root.size()) : path;
    while (rest.ends_with('/')) rest.pop_back();
    return rest.starts_with("/..") || (!rest.empty() && !rest.starts_with('/')) ? "" : rest;
}

// One line of mountinfo: ID PARENT DEVICE ROOT MOUNT_POINT OPTIONS … - TYPE SOURCE SUPER_OPTIONS
std::optional<Hierarchy> hierarchy_of(const std::string& mount_line, const std::string& cgroup_file) {
    const auto fields = words(mount_line);
    const auto dash = std::ranges::find(fields, "-");
    if (fields.size() < 6 || fields.end() - dash < 4) return std::nullopt;
    const bool unified = dash[1] == "cgroup2";
    if (!unified && (dash[1] != "cgroup" || !names_cpu(dash[3]))) return std::nullopt;
    const auto path = group_path(cgroup_file, unified);
    if (!path) return std::nullopt;
    return Hierarchy{unified, fields[4], below(*path, fields[3])};
}

std::optional<std::string> read_small_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

std::optional<double> cgroup_quota(const ReadFile& read) {
    const auto cgroup_file = read("/proc/self/cgroup");
    const auto mounts = read("/proc/self/mountinfo");
    if (!cgroup_file || !mounts) return std::nullopt;
    std::optional<double> tightest;
    std::istringstream lines(*mounts);
    for (std::string line; std::getline(lines, line);) {
        const auto hierarchy = hierarchy_of(line, *cgroup_file);
        if (hierarchy) tightest = tighter(tightest, quota_of(read, *hierarchy));
    }
    return tightest;
}

std::uint32_t usable_cpus(std::uint32_t allowed, std::optional<double> quota) {
    const double bound = quota ? std::min(std::ceil(*quota), static_cast<double>(allowed)) : allowed;
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(bound));
}

std::vector<std::uint32_t> allowed_cpus() {
    // Machines with more CPUs than cpu_set_t holds need a larger set; the kernel says EINVAL until it fits.
    for (int capacity = CPU_SETSIZE; capacity <= 64 * CPU_SETSIZE; capacity *= 2) {
        const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(capacity));
        std::vector<cpu_set_t> set(bytes / sizeof(cpu_set_t) + 1);
        if (::sched_getaffinity(0, bytes, set.data()) != 0) continue;
        std::vector<std::uint32_t> cpus;
        for (int cpu = 0; cpu < capacity; ++cpu) {
            if (CPU_ISSET_S(static_cast<std::size_t>(cpu), bytes, set.data()))
                cpus.push_back(static_cast<std::uint32_t>(cpu));
        }
        return cpus;
    }
    return {};
}

std::uint32_t usable_cpus() {
    return usable_cpus(static_cast<std::uint32_t>(allowed_cpus().size()), cgroup_quota(read_small_file));
}

}  // namespace poolhost::config
