/* SPDX-License-Identifier: Apache-2.0
 * A manifest to check configurations against; nothing here is ever run. */
#include <poolhost/plugin.h>

#ifdef NOT_FORK_SAFE
POOLHOST_MANIFEST(
    "plugin\x1f"
    "solitary\x1f"
    "1.0\x1f"
    "Bound to one process.\x1f"
    "1.0\x1f"
    "c\x1f"
    "it starts threads\x1e" POOLHOST_MANIFEST_TASK("warm_up", "() -> null", "", "Begins."))
#elif defined(FUTURE_ABI)
POOLHOST_MANIFEST(
    "plugin\x1f"
    "future\x1f"
    "1.0\x1f"
    "From later.\x1f"
    "99.0\x1f"
    "c\x1f"
    "\x1e")
#else
POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("sample", "1.0", "Signatures of many kinds.")
                      POOLHOST_MANIFEST_TASK("load", "(path: string, width: int32, scale: optional<float64>) -> null",
                                             "", "Loads.") POOLHOST_MANIFEST_TASK("reset", "() -> null", "", "Resets.")
                          POOLHOST_MANIFEST_TASK("shape",
                                                 "(flag: bool, sizes: span<float64>, options: map<int64>) -> null", "",
                                                 "Shapes."))
#endif

const poolhost_plugin_table_v1* poolhost_plugin_v1(void) { return NULL; }
