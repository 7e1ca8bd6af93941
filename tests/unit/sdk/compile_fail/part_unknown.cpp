// SPDX-License-Identifier: Apache-2.0
// EXPECT: a plugin is a list of poolhost::task
#include <poolhost/sdk.hpp>

POOLHOST_PLUGIN(wrong, "1.0.0", "", 42)
