// SPDX-License-Identifier: Apache-2.0
// Vice: its on_preload hook never comes back.
#include <poolhost/sdk.hpp>

#include <unistd.h>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void preload(poolhost::preload_context&) {
    while (true) ::pause();
}

}  // namespace

POOLHOST_PLUGIN(preload_hangs, "1.0.0", "Cannot be preloaded.",
                poolhost::task("same", same, "value").doc("Its argument."), poolhost::on_preload(preload))
