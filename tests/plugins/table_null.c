/* SPDX-License-Identifier: Apache-2.0
 * Vice: its function gives no table. */
#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("table_null", "1.0.0", "Nothing to see.") NOTHING_MANIFEST)

const poolhost_plugin_table_v1* poolhost_plugin_v1(void) {
    (void)nothing;
    return NULL;
}
