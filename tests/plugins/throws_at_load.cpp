// SPDX-License-Identifier: Apache-2.0
// Vice: a static constructor throws while the library is being loaded.
#include <stdexcept>

#include "table.h"

namespace {

struct Thrower {
    Thrower() { throw std::runtime_error("no licence found"); }
};

const Thrower thrower;
const poolhost_task_v1 tasks[] = {NOTHING_TASK};
const poolhost_plugin_table_v1 table = PLAIN_TABLE("throws_at_load", tasks);

}  // namespace

POOLHOST_MANIFEST(POOLHOST_MANIFEST_PLUGIN("throws_at_load", "1.0.0", "Fails early.") NOTHING_MANIFEST)

GIVES(table)
