// SPDX-License-Identifier: Apache-2.0
// EXPECT: a version, documentation or reason contains NUL
#include <poolhost/sdk.hpp>

static int one() { return 1; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("one", one).doc("a \x1e record"))
