// SPDX-License-Identifier: Apache-2.0
// Where this process is in the kernel's control groups, version 1 and 2.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::base {

/// The content of a file; nothing where it cannot be read.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

/// This process's group in one mounted hierarchy. A folder may lack any file, since a controller can be off in it.
struct ControlGroup {
    bool unified = false;              // version 2
    std::vector<std::string> folders;  // its own, then its ancestors' up to the mount point
};

/// The groups of the hierarchies that may carry `controller` ("cpu", "memory"), by /proc/self/cgroup and mountinfo.
std::vector<ControlGroup> control_groups(const ReadFile& read, std::string_view controller);

/// A file of /proc or /sys, whole.
std::optional<std::string> read_small_file(const std::string& path);

}  // namespace poolhost::base
