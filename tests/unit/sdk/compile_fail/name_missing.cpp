// SPDX-License-Identifier: Apache-2.0
// EXPECT: this task has a parameter without a name
#include <poolhost/sdk.hpp>

static int add(int a, int b) { return a + b; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("add", add, "a"))
