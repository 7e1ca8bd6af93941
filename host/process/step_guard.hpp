// SPDX-License-Identifier: Apache-2.0
// Says what a template was doing when plugin code ends it while it is prepared: crashes, exits or hangs.
#pragma once

#include "base/clock.hpp"

#include <array>
#include <optional>

#include <signal.h>
#include <time.h>

namespace poolhost::process {

/// How the end of this process is told, and what it shall look like.
struct LastReport {
    const char* step = "";              // memory that always holds, as a C string, what is being done
    const char* before = "";            // goes before the line
    const char* after = "";             // goes behind it
    int errors = -1;                    // gets the line
    std::array<int, 2> caught{-1, -1};  // memory that holds output nobody has seen yet; goes to `errors` first
    int to_host = -1;                   // a fork server's socket, which gets the line as Word::failure
    /// The exit code instead of the fault's own signal. With one, SIGINT, SIGTERM and SIGHUP end the process too.
    std::optional<int> exit_code = {};
    std::optional<base::Duration> time_limit = {};  // only with an exit code
};

/// Handles faults, and with an exit code also exit() and a hang, while it lives. One at a time. Its handlers allocate
/// nothing and take no lock: whatever state the plugin left, they get to the end.
class StepGuard {
public:
    explicit StepGuard(const LastReport& report);
    ~StepGuard();
    StepGuard(const StepGuard&) = delete;
    StepGuard& operator=(const StepGuard&) = delete;

private:
    void handle(int signal, void (*handler)(int));
    void start_timer(base::Duration limit);

    struct Handled {
        int signal = 0;
        struct sigaction before {};
    };
    std::array<Handled, 16> handled_{};
    std::size_t count_ = 0;
    stack_t stack_before_{};
    sigset_t mask_before_{};
    std::optional<timer_t> timer_;
};

}  // namespace poolhost::process
