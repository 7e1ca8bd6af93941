// SPDX-License-Identifier: Apache-2.0
// Vice: a static constructor takes the process with it while the library is being loaded.
#include <poolhost/sdk.hpp>

#include <cstdlib>

namespace {

struct Crasher {
    Crasher() { std::abort(); }
};

const Crasher crasher;

std::int64_t same(std::int64_t value) { return value; }

}  // namespace

POOLHOST_PLUGIN(load_crashes, "1.0.0", "Cannot be loaded.", poolhost::task("same", same, "value").doc("Its argument."))
