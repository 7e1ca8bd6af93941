// SPDX-License-Identifier: Apache-2.0
// What `check` tells about a configuration beyond its faults: every effective value, and what has no effect yet.
#pragma once

#include "config/host_config.hpp"

#include <string>
#include <vector>

namespace poolhost::config {

/// Every key with its effective value, as YAML that loads to the same configuration again, from any folder.
std::string print_effective(const HostConfig& config);

/// A key that was written in the file and is accepted, but changes nothing in this version.
struct NotYet {
    std::string key_path;
    Place place;
};

std::vector<NotYet> keys_not_yet_in_effect(const HostConfig& config);

}  // namespace poolhost::config
