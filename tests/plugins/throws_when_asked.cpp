// SPDX-License-Identifier: Apache-2.0
// Vice: the function that has to give the table throws something that is no std::exception.
#include "table.h"

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("throws_when_asked", "1.0.0", "Fails early.") NOTHING_MANIFEST)

const poolhost_plugin_table_v1* poolhost_plugin_v1() {
    static_cast<void>(nothing);
    throw 42;
}
