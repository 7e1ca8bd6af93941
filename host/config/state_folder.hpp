// SPDX-License-Identifier: Apache-2.0
// Where a host keeps what outlives it, unless its configuration says otherwise.
#pragma once

#include <filesystem>
#include <functional>

namespace poolhost::config {

/// One variable of an environment; nullptr where it is not set. std::getenv is one.
using Environment = std::function<const char*(const char* name)>;

/// The first of $STATE_DIRECTORY (systemd separates several by colons), else $XDG_STATE_HOME/poolhost, else
/// ~/.local/state/poolhost. Empty where none of them is set: then nothing can be kept.
std::filesystem::path state_folder(const Environment& environment);

}  // namespace poolhost::config
