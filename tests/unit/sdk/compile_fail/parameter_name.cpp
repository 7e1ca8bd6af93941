// SPDX-License-Identifier: Apache-2.0
// EXPECT: a parameter's name is made of letters, digits and underscores
#include <poolhost/sdk.hpp>

static int same(int a) { return a; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("same", same, "the number"))
