// SPDX-License-Identifier: Apache-2.0
// Why the dynamic loader refused a library: its words, with the cause named and the remedy added.
#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <string_view>

namespace poolhost::plugin {

/// `loader_text` is what dlerror() said about loading `file`. Unknown texts are passed on as they are.
base::Error explain_load_failure(const std::filesystem::path& file, std::string_view loader_text);

}  // namespace poolhost::plugin
