// SPDX-License-Identifier: Apache-2.0
// What a plugin or a task may be called.
#pragma once

#include <string_view>

namespace poolhost::base {

/// [A-Za-z_][A-Za-z0-9_]*, at most 255 long.
bool is_valid_name(std::string_view name);

}  // namespace poolhost::base
