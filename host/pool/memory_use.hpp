// SPDX-License-Identifier: Apache-2.0
// How much memory a worker has for itself, at the price of reading one line.
#pragma once

#include <cstdint>
#include <optional>

#include <sys/types.h>

namespace poolhost::pool {

/// Resident bytes that are neither a file's nor shared memory's, from /proc/PID/statm: what was inherited from a
/// template counts, so compare two readings of one process. Nothing where the process is gone.
std::optional<std::int64_t> private_resident(pid_t pid);

}  // namespace poolhost::pool
