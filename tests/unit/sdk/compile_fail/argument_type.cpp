// SPDX-License-Identifier: Apache-2.0
// EXPECT: this parameter's type cannot be an argument
#include <poolhost/sdk.hpp>

struct unknown {};
static int count(int, unknown) { return 0; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("count", count, "first", "second"))
