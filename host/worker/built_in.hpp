// SPDX-License-Identifier: Apache-2.0
// The tasks that every pool has: poolhost.start_method, .ping, .echo and .worker_info.
#pragma once

#include <poolhost/plugin.h>

namespace poolhost::worker {

/// A plugin like any other, made with the SDK; only that no library has to be loaded for it.
const poolhost_plugin_table_v1& built_in_plugin();

}  // namespace poolhost::worker
