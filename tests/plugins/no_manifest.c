/* SPDX-License-Identifier: Apache-2.0
 * Vice: a plugin that works, but has no manifest to read. */
#include "table.h"

static const poolhost_task_v1 tasks[] = {NOTHING_TASK};
static const poolhost_plugin_table_v1 table = PLAIN_TABLE("no_manifest", tasks);
GIVES(table)
