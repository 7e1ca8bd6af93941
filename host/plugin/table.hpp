// SPDX-License-Identifier: Apache-2.0
// Whether the table that a plugin hands out can be used: checked once, so that nothing behind it need ask again.
#pragma once

#include "base/error.hpp"

#include <poolhost/plugin.h>

#include <string_view>
#include <vector>

namespace poolhost::plugin {

/// Sizes, ABI, names, functions, duplicate tasks. The error says what is wrong and what would be right, without naming
/// the file. Trusts the pointers that are not NULL: a wild one ends the process, which is a worker's.
base::Result<void> check_table(const poolhost_plugin_table_v1* table);

/// The tasks of a table that passed check_table(): the stride of the array is the plugin's, not ours.
std::vector<const poolhost_task_v1*> tasks_of(const poolhost_plugin_table_v1& table);

}  // namespace poolhost::plugin
