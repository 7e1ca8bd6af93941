// SPDX-License-Identifier: Apache-2.0
// What an open descriptor is, in words that tell whose it may be.
#pragma once

#include <string>

namespace poolhost::worker {

/// "5 (a TCP socket listening on 127.0.0.1:80)", "6 (/tmp/x)". `target` is what /proc/self/fd says of it.
std::string describe_descriptor(int fd, const std::string& target);

}  // namespace poolhost::worker
