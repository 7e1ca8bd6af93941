// SPDX-License-Identifier: Apache-2.0
// EXPECT: emit() cannot send this type
#include <poolhost/sdk.hpp>

struct unknown {};
static void stream(poolhost::context& ctx) { ctx.emit(unknown{}); }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("stream", stream))
