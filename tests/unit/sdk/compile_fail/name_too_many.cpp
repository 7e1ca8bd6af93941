// SPDX-License-Identifier: Apache-2.0
// EXPECT: this task has more names than parameters
#include <poolhost/sdk.hpp>

static int negate(int a) { return -a; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("negate", negate, "a", "b"))
