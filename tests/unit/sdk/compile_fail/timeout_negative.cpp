// SPDX-License-Identifier: Apache-2.0
// EXPECT: a task's timeout is negative
#include <poolhost/sdk.hpp>

static int one() { return 1; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("one", one).timeout(std::chrono::seconds(-1)))
