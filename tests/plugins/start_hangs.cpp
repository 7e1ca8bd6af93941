// SPDX-License-Identifier: Apache-2.0
// Vice: its on_start hook never comes back.
#include <poolhost/sdk.hpp>

#include <unistd.h>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void start(poolhost::worker_context&) {
    while (true) ::pause();
}

}  // namespace

POOLHOST_PLUGIN(start_hangs, "1.0.0", "Cannot be started.", poolhost::task("same", same, "value").doc("Its argument."),
                poolhost::on_start(start))
