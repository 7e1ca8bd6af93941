/* SPDX-License-Identifier: Apache-2.0
 * Vice: it needs a library that lies where the loader does not look. */
#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("missing_library", "1.0.0", "Needy.")
                      NOTHING_MANIFEST POOLHOST_MANIFEST_TASK("call_it", "() -> null", "", "Would call it."))

int from_the_absent_library(void);

static int32_t call_it(const poolhost_call_v1* call) {
    (void)call;
    return from_the_absent_library() == 1 ? POOLHOST_OK : POOLHOST_FAILED;
}

static const poolhost_task_v1 tasks[] = {NOTHING_TASK, {sizeof(poolhost_task_v1), 0, "call_it", call_it, 0}};
static const poolhost_plugin_table_v1 table = PLAIN_TABLE("missing_library", tasks);
GIVES(table)
