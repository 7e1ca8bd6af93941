// SPDX-License-Identifier: Apache-2.0
// What a capsule holds, for people and for their tools.
#pragma once

#include "base/error.hpp"
#include "capsule/capsule_file.hpp"

#include <filesystem>
#include <string>

namespace poolhost::cli {

/// All circumstances and the arguments as indented JSON. Long values are shortened, and say how large they are.
std::string capsule_json(const capsule::Contents& contents);

/// Writes circumstances.json, and arguments.json with a file for each of its large values; what came as MessagePack is
/// beside it as it was. `folder` must not be there, or be empty; its files are for their owner alone.
base::Result<void> extract_capsule(const capsule::Contents& contents, const std::filesystem::path& folder);

}  // namespace poolhost::cli
