/* SPDX-License-Identifier: Apache-2.0
 * Vice: it calls a function that nothing defines. */
#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("missing_symbol", "1.0.0", "Incomplete.")
                      NOTHING_MANIFEST POOLHOST_MANIFEST_TASK("call_it", "() -> null", "", "Would call it."))

void defined_nowhere_at_all(void);

static int32_t call_it(const poolhost_call_v1* call) {
    (void)call;
    defined_nowhere_at_all();
    return POOLHOST_OK;
}

static const poolhost_task_v1 tasks[] = {NOTHING_TASK, {sizeof(poolhost_task_v1), 0, "call_it", call_it, 0}};
static const poolhost_plugin_table_v1 table = PLAIN_TABLE("missing_symbol", tasks);
GIVES(table)
