// SPDX-License-Identifier: Apache-2.0
// EXPECT: a field of this struct has a type that cannot be an argument
#include <poolhost/sdk.hpp>

struct holder {
    int* pointer;
};
POOLHOST_STRUCT(holder, pointer)
static int take(holder) { return 0; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("take", take, "what"))
