// SPDX-License-Identifier: Apache-2.0
// EXPECT: this parameter's type cannot be an argument
#include <poolhost/sdk.hpp>

static double first(std::span<double> values) { return values[0]; }
POOLHOST_PLUGIN(wrong, "1.0.0", "", poolhost::task("first", first, "values"))
