// SPDX-License-Identifier: Apache-2.0
// A whole file as text.
#pragma once

#include <string>

namespace text {

/// Throws std::system_error naming the path.
std::string read_file(const std::string& path);

}  // namespace text
