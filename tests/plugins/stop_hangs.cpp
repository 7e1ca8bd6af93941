// SPDX-License-Identifier: Apache-2.0
// Vice: its on_stop hook never comes back.
#include <poolhost/sdk.hpp>

#include <unistd.h>
#include <cstdlib>
#include <fstream>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void stop(poolhost::worker_context&) {
    // A test that waits for it reads this.
    if (const char* const file = std::getenv("POOLHOST_TEST_HANGS")) std::ofstream(file) << "it hangs";
    while (true) ::pause();
}

}  // namespace

POOLHOST_PLUGIN(stop_hangs, "1.0.0", "Does not want to go.", poolhost::task("same", same, "value").doc("Its argument."),
                poolhost::on_stop(stop))
