// SPDX-License-Identifier: Apache-2.0
// Vice: it leaves children behind, which hold on to everything that they inherited.
#include <poolhost/sdk.hpp>

#include <unistd.h>
#include <stdexcept>

namespace {

[[noreturn]] void live_on() {
    while (true) ::pause();
}

std::int32_t leave_child() {
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) live_on();
    return child;
}

// One that is not in the worker's process group any more.
std::int32_t leave_daemon() {
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child == 0) {
        ::setsid();
        live_on();
    }
    return child;
}

}  // namespace

POOLHOST_PLUGIN(forks, "1.0.0", "Leaves children behind.",
                poolhost::task("leave_child", leave_child).doc("The process id of a child that lives on."),
                poolhost::task("leave_daemon", leave_daemon).doc("The same in a session of its own."))
