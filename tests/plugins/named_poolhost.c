/* SPDX-License-Identifier: Apache-2.0
 * Vice: it takes the name of the built-in tasks. */
#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("poolhost", "1.0.0", "An impostor.") NOTHING_MANIFEST)

static const poolhost_task_v1 tasks[] = {NOTHING_TASK};
static const poolhost_plugin_table_v1 table = PLAIN_TABLE("poolhost", tasks);
GIVES(table)
