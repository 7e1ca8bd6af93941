// SPDX-License-Identifier: Apache-2.0
// Vice: it starts a thread, with a name, in a static constructor.
#include <poolhost/sdk.hpp>

#include <pthread.h>
#include <unistd.h>
#include <thread>

namespace {

[[gnu::constructor]] void when_loaded() {
    std::thread thread([] {
        while (true) ::pause();
    });
    ::pthread_setname_np(thread.native_handle(), "busy-bee");
    thread.detach();
}

std::int64_t same(std::int64_t value) { return value; }

}  // namespace

POOLHOST_PLUGIN(thread_at_load, "1.0.0", "Makes its template unfit for fork.",
                poolhost::task("same", same, "value").doc("Its argument."))
