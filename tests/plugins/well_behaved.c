/* SPDX-License-Identifier: Apache-2.0
 * No vice: what the others are compared with. Every flag and every field of a manifest is used once. */
#include <string.h>

#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("well_behaved", "1.2.3", "Does what it says.")
                      NOTHING_MANIFEST POOLHOST_MANIFEST_TASK(
                          "same", "(value: value) -> value", "idempotent timeout_ns=1500000000",
                          "Its arguments, as an array.\nA second line, with an umlaut: \xc3\xbc."))

/* An encoding can be passed on as it came. */
static int32_t same(const poolhost_call_v1* call) {
    call->reply(call, call->arguments, call->arguments_size);
    return POOLHOST_OK;
}

static const poolhost_task_v1 tasks[] = {
    NOTHING_TASK,
    {sizeof(poolhost_task_v1), POOLHOST_TASK_IDEMPOTENT, "same", same, 1500000000},
};

static int32_t hook(const poolhost_call_v1* call) {
    call->host->log(POOLHOST_LOG_INFO, "hook", strlen("hook"));
    return POOLHOST_OK;
}

static const poolhost_plugin_table_v1 table = {
    sizeof table, POOLHOST_ABI_MAJOR, POOLHOST_ABI_MINOR, "well_behaved", "1.2.3", 0, 2, tasks, hook, hook, hook};
GIVES(table)
