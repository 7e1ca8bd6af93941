// SPDX-License-Identifier: Apache-2.0
// Vice: it must not cross a fork, and says so.
#include <poolhost/sdk.hpp>

namespace {

std::int64_t same(std::int64_t value) { return value; }

}  // namespace

POOLHOST_PLUGIN(not_fork_safe, "1.0.0", "Must not cross a fork.",
                poolhost::task("same", same, "value").doc("Its argument."),
                poolhost::not_fork_safe("its threads would be gone"))
