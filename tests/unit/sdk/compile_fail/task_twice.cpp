// SPDX-License-Identifier: Apache-2.0
// EXPECT: two tasks of this plugin have the same name
#include <poolhost/sdk.hpp>

static int one() { return 1; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("one", one), poolhost::task("one", one))
