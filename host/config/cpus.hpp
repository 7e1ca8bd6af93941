// SPDX-License-Identifier: Apache-2.0
// How many CPUs this process may use: what `processes: auto` means.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::config {

/// The content of a file; nothing where it cannot be read.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

/// CPUs that the control groups of /proc/self/cgroup leave to this process, version 1 and 2, each group's ancestors
/// included; the tightest quota counts. Nothing where there is none.
std::optional<double> cgroup_quota(const ReadFile& read);

/// A quota of a part of a CPU counts as a whole one. At least 1.
std::uint32_t usable_cpus(std::uint32_t allowed, std::optional<double> quota);

/// The CPUs that this process's affinity names, ascending.
std::vector<std::uint32_t> allowed_cpus();
/// The same for this process, here and now.
std::uint32_t usable_cpus();

}  // namespace poolhost::config
