// SPDX-License-Identifier: Apache-2.0
// The folder in which capsules are kept: their names, and the end of the oldest.
#pragma once

#include "base/error.hpp"
#include "wire/capsule.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace poolhost::capsule {

/// 20261123T011500.123Z-image.thumbnail-crash-4711.capsule: names sort by time. `pid` is the writing process's.
std::string file_name(const wire::Capsule& capsule, std::chrono::milliseconds since_1970, pid_t pid);
/// Whether file_name() could have made it.
bool is_file_name(std::string_view name);

/// Makes the folder and what is missing above it, for its owner alone.
base::Result<void> make_folder(const std::filesystem::path& folder);

/// Removes the oldest capsules until at most `max` are there; `newest` stays in any case. Also what writers that were
/// killed half-way left behind an hour ago. Files with other names are none of its business.
void remove_oldest(const std::filesystem::path& folder, std::size_t max, std::string_view newest);

/// While a file has this at its end, it is being written.
inline constexpr std::string_view unfinished_suffix = ".unfinished";

}  // namespace poolhost::capsule
