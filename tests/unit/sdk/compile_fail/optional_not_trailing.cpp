// SPDX-License-Identifier: Apache-2.0
// EXPECT: only trailing parameters may be std::optional
#include <poolhost/sdk.hpp>

static int add(std::optional<int> a, int b) { return a.value_or(0) + b; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("add", add, "a", "b"))
