// SPDX-License-Identifier: Apache-2.0
// Vice: it takes its time.
#include <poolhost/sdk.hpp>

#include <chrono>
#include <thread>

namespace {

using clock = std::chrono::steady_clock;

double pass(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    return seconds;
}

double work(double seconds) {
    const auto until = clock::now() + std::chrono::duration<double>(seconds);
    while (clock::now() < until) {
    }
    return seconds;
}

// Says how far it is, so that who watches knows when it runs; ends when it is told to.
bool until_cancelled(poolhost::context& context) {
    context.progress(0.5, "waiting to be cancelled");
    while (!context.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return true;
}

}  // namespace

POOLHOST_PLUGIN(slow, "1.0.0", "Takes its time.",
                poolhost::task("sleep", pass, "seconds").doc("Sleeps, deaf to cancellation."),
                poolhost::task("sleep_again", pass, "seconds").doc("The same, and may be retried.").idempotent(),
                poolhost::task("brief", pass, "seconds")
                    .doc("Sleeps, with a timeout of 100 ms.")
                    .timeout(std::chrono::milliseconds(100)),
                poolhost::task("work", work, "seconds").doc("Uses a CPU for so long."),
                poolhost::task("until_cancelled", until_cancelled).doc("Waits until it is cancelled, and obeys."))
