/* SPDX-License-Identifier: Apache-2.0
 * The part of a C plugin that every specimen here shares: one task, a table with it, and the function that gives it. */
#pragma once

#include <poolhost/plugin.h>

#define NOTHING_MANIFEST POOLHOST_MANIFEST_TASK("nothing", "() -> null", "", "Does nothing.")

static int32_t nothing(const poolhost_call_v1* call) {
    (void)call;
    return POOLHOST_OK;
}

#define NOTHING_TASK \
    { sizeof(poolhost_task_v1), 0, "nothing", nothing, 0 }

/* The table of a plugin called NAME with the tasks of the array TASKS and no hook. */
#define PLAIN_TABLE(NAME, TASKS)                                                                    \
    {                                                                                               \
        sizeof(poolhost_plugin_table_v1), POOLHOST_ABI_MAJOR, POOLHOST_ABI_MINOR, NAME, "1.0.0", 0, \
            sizeof(TASKS) / sizeof(TASKS)[0], TASKS, NULL, NULL, NULL                               \
    }

#define GIVES(TABLE) \
    const poolhost_plugin_table_v1* poolhost_plugin_v1(void) { return &(TABLE); }
