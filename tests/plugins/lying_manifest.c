/* SPDX-License-Identifier: Apache-2.0
 * Vice: its manifest promises a task that its table has not. */
#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("lying_manifest", "1.0.0", "Promises.")
                      NOTHING_MANIFEST POOLHOST_MANIFEST_TASK("promised", "() -> int64", "", "Is not there."))

static const poolhost_task_v1 tasks[] = {NOTHING_TASK};
static const poolhost_plugin_table_v1 table = PLAIN_TABLE("lying_manifest", tasks);
GIVES(table)
