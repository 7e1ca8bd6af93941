// SPDX-License-Identifier: Apache-2.0
// Vice: it never comes back.
#include <poolhost/sdk.hpp>

#include <unistd.h>
#include <csignal>

namespace {

void block_all_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

volatile bool for_ever = true;

void spin() {
    while (for_ever) {
    }
}

void spin_deaf() {
    block_all_signals();
    spin();
}

void sleep_for_ever() {
    while (true) ::pause();
}

void sleep_deaf() {
    block_all_signals();
    sleep_for_ever();
}

// Held by SIGSTOP, as by a debugger or a frozen control group; SIGCONT lets it go on.
void stop() { ::raise(SIGSTOP); }

}  // namespace

POOLHOST_PLUGIN(hang, "1.0.0", "Never comes back.", poolhost::task("spin", spin).doc("Uses a whole CPU."),
                poolhost::task("spin_deaf", spin_deaf).doc("The same with every signal blocked."),
                poolhost::task("sleep", sleep_for_ever).doc("Waits."),
                poolhost::task("sleep_deaf", sleep_deaf).doc("Waits with every signal blocked."),
                poolhost::task("stop", stop).doc("Stops its process with SIGSTOP."))
