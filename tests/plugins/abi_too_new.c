/* SPDX-License-Identifier: Apache-2.0
 * Vice: it was compiled for another ABI, 2.0. */
#include "table.h"

POOLHOST_MANIFEST(
    "plugin\x1f"
    "abi_too_new\x1f"
    "1.0.0\x1f"
    "Of another time.\x1f"
    "2.0\x1f"
    "c\x1f"
    "\x1e" NOTHING_MANIFEST)

static const poolhost_task_v1 tasks[] = {NOTHING_TASK};
static const poolhost_plugin_table_v1 table = {sizeof table, 2,    0,    "abi_too_new", "1.0.0", 0, 1,
                                               tasks,        NULL, NULL, NULL};
GIVES(table)
