// SPDX-License-Identifier: Apache-2.0
// EXPECT: a task's name is made of letters, digits and underscores
#include <poolhost/sdk.hpp>

static int one() { return 1; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("not-a-name", one))
