// SPDX-License-Identifier: Apache-2.0
// How a process ended, and the words for it.
#pragma once

#include <string>

#include <signal.h>

namespace poolhost::process {

/// Either an exit code, or the signal that ended the process (then `signal` is not 0 and `code` is 0).
struct ExitStatus {
    int code = 0;
    int signal = 0;
    bool core_dumped = false;

    friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

/// "exited with code 3", "killed by SIGSEGV", "killed by SIGABRT (core dumped)".
std::string text(const ExitStatus& status);
/// The same behind a subject: "exited with code 3", "was killed by SIGSEGV".
std::string predicate(const ExitStatus& status);
/// "SIGSEGV"; "signal 70" where the number has no name.
std::string signal_name(int signal);

/// What waitid() reported about a process that has ended.
ExitStatus exit_status_of(const siginfo_t& report);

}  // namespace poolhost::process
