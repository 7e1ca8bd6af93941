/* SPDX-License-Identifier: Apache-2.0
 * Vice: its table has one task twice, though its manifest has not. */
#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("duplicate_task", "1.0.0", "Twice.") NOTHING_MANIFEST)

static const poolhost_task_v1 tasks[] = {NOTHING_TASK, NOTHING_TASK};
static const poolhost_plugin_table_v1 table = PLAIN_TABLE("duplicate_task", tasks);
GIVES(table)
