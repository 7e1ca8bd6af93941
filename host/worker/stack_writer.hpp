// SPDX-License-Identifier: Apache-2.0
// What a signal handler knows of the thread that it interrupted, written where the host will find it.
#pragma once

#include "channel/stack_area.hpp"

#include <signal.h>
#include <ucontext.h>

namespace poolhost::worker {

enum class Occasion {
    death,   // nothing will run after it
    request  // the thread goes on, and must not notice
};

/// For the thread that it runs in, while `call` runs; publishes the area at its end. Async-signal-safe. Believes
/// nothing that a broken thread has left: its memory is read by the kernel, which answers with an error where a load
/// would fault. Only the pages of the area itself can still raise a SIGBUS, when there is no memory left for them.
void write_stack(channel::StackArea& area, Occasion occasion, std::uint64_t call, const siginfo_t& signal,
                 const ucontext_t& context) noexcept;

}  // namespace poolhost::worker
