// SPDX-License-Identifier: Apache-2.0
// EXPECT: a task takes text as std::string_view or std::string, not as char
#include <poolhost/sdk.hpp>

static int length(const char* text) { return text[0]; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("length", length, "text"))
