// SPDX-License-Identifier: Apache-2.0
// Vice: its on_preload hook starts a thread, which no fork takes along.
#include <poolhost/sdk.hpp>

#include <unistd.h>
#include <thread>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void preload(poolhost::preload_context&) {
    std::thread([] {
        while (true) ::pause();
    }).detach();
}

}  // namespace

POOLHOST_PLUGIN(thread_at_preload, "1.0.0", "Makes its template unfit for fork.",
                poolhost::task("same", same, "value").doc("Its argument."), poolhost::on_preload(preload))
