// SPDX-License-Identifier: Apache-2.0
// EXPECT: a task cannot take an argument by reference to non-const
#include <poolhost/sdk.hpp>

static void append(std::vector<int>& numbers) { numbers.push_back(1); }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("append", append, "numbers"))
