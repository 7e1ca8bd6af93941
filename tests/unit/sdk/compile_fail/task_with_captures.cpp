// SPDX-License-Identifier: Apache-2.0
// EXPECT: a task is a function or a lambda without captures
#include <poolhost/sdk.hpp>

static constexpr int offset = 1;
static constexpr auto make(int by) {
    return poolhost::task(
        "add", [by](int a) { return a + by; }, "a");
}
POOLHOST_PLUGIN(wrong, "1.0.0", "", make(offset))
