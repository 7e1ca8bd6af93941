// SPDX-License-Identifier: Apache-2.0
// How many CPUs this process may use: what `processes: auto` means.
#pragma once

#include "base/control_groups.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace poolhost::config {

/// CPUs that the control groups of /proc/self/cgroup leave to this process, version 1 and 2, each group's ancestors
/// included; the tightest quota counts. Nothing where there is none.
std::optional<double> cgroup_quota(const base::ReadFile& read);

/// A quota of a part of a CPU counts as a whole one. At least 1.
std::uint32_t usable_cpus(std::uint32_t allowed, std::optional<double> quota);

/// The CPUs that this process's affinity names, ascending.
std::vector<std::uint32_t> allowed_cpus();
/// The same for this process, here and now.
std::uint32_t usable_cpus();

}  // namespace poolhost::config
