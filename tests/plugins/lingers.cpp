// SPDX-License-Identifier: Apache-2.0
// Vice: it takes its time, in functions that have names, until it is cancelled.
#include <poolhost/sdk.hpp>

#include <unistd.h>
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#define NAMED [[gnu::noinline]]

namespace lingers {

volatile int turns = 0;

void block_all_signals(int how) {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(how, &all, nullptr);
}

NAMED std::int32_t spin(poolhost::context& context) {
    context.progress(0, "here");
    while (!context.cancelled()) turns = turns + 1;
    return 1;
}

// True if it slept as long as it wanted to, whoever disturbed it.
NAMED bool sleep_well(poolhost::context& context, double seconds) {
    context.progress(0, "here");
    const auto begin = std::chrono::steady_clock::now();
    const std::chrono::duration<double> wanted(seconds);
    std::this_thread::sleep_for(wanted);
    return std::chrono::steady_clock::now() - begin >= wanted;
}

NAMED std::int32_t stop() {
    ::kill(::getpid(), SIGSTOP);
    return turns + 2;
}

std::int32_t spin_deaf(poolhost::context& context) {
    block_all_signals(SIG_BLOCK);
    return spin(context);
}

// Deaf, but for a thread that hears.
std::int32_t listen_with_thread(poolhost::context& context) {
    std::atomic<bool> over = false;
    std::thread listener([&] {
        while (!over) ::usleep(1000);
    });
    block_all_signals(SIG_BLOCK);
    spin(context);
    block_all_signals(SIG_UNBLOCK);
    over = true;
    listener.join();
    return 3;
}

}  // namespace lingers

POOLHOST_PLUGIN(lingers, "1.0.0", "Takes its time.", poolhost::task("spin", lingers::spin),
                poolhost::task("sleep", lingers::sleep_well, "seconds"), poolhost::task("stop", lingers::stop),
                poolhost::task("spin_deaf", lingers::spin_deaf),
                poolhost::task("listen_with_thread", lingers::listen_with_thread))
