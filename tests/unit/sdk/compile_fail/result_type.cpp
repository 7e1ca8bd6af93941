// SPDX-License-Identifier: Apache-2.0
// EXPECT: this task's result type cannot be sent
#include <poolhost/sdk.hpp>

struct unknown {};
static unknown make() { return {}; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("make", make))
