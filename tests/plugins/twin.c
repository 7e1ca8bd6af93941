/* SPDX-License-Identifier: Apache-2.0
 * Vice: it takes the name of another plugin, well_behaved. */
#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("well_behaved", "9.9.9", "An impostor.") NOTHING_MANIFEST)

static const poolhost_task_v1 tasks[] = {NOTHING_TASK};
static const poolhost_plugin_table_v1 table = PLAIN_TABLE("well_behaved", tasks);
GIVES(table)
