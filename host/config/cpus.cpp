// SPDX-License-Identifier: Apache-2.0
#include "config/cpus.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace poolhost::config {
namespace {

std::optional<double> positive(std::string_view text) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc{} && number > 0 ? std::optional(static_cast<double>(number)) : std::nullopt;
}

// cpu.max: "QUOTA PERIOD" or "max PERIOD", in microseconds.
std::optional<double> unified_quota(const base::ReadFile& read, const std::string& folder) {
    const auto text = read(folder + "/cpu.max");
    if (!text) return std::nullopt;
    const auto blank = text->find(' ');
    if (blank == std::string::npos) return std::nullopt;
    const auto quota = positive(std::string_view(*text).substr(0, blank));
    const auto period = positive(std::string_view(*text).substr(blank + 1));
    return quota && period ? std::optional(*quota / *period) : std::nullopt;
}

// A quota of -1 means none.
std::optional<double> legacy_quota(const base::ReadFile& read, const std::string& folder) {
    const auto quota = positive(read(folder + "/cpu.cfs_quota_us").value_or(""));
    const auto period = positive(read(folder + "/cpu.cfs_period_us").value_or(""));
    return quota && period ? std::optional(*quota / *period) : std::nullopt;
}

std::optional<double> tighter(std::optional<double> a, std::optional<double> b) {
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

}  // namespace

std::optional<double> cgroup_quota(const base::ReadFile& read) {
    std::optional<double> tightest;
    for (const base::ControlGroup& group : base::control_groups(read, "cpu")) {
        for (const std::string& folder : group.folders) {
            tightest = tighter(tightest, group.unified ? unified_quota(read, folder) : legacy_quota(read, folder));
        }
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
    return usable_cpus(static_cast<std::uint32_t>(allowed_cpus().size()), cgroup_quota(base::read_small_file));
}

}  // namespace poolhost::config
