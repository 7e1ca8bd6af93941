// SPDX-License-Identifier: Apache-2.0
#include "process/exit_status.hpp"

#include "base/error.hpp"

#include <cstring>

#include <sys/wait.h>

namespace poolhost::process {

std::string predicate(const ExitStatus& status) { return (status.signal != 0 ? "was " : "") + text(status); }

std::string signal_name(int signal) {
    if (const char* const name = ::sigabbrev_np(signal)) return std::string("SIG") + name;
    return "signal " + std::to_string(signal);
}

std::string text(const ExitStatus& status) {
    if (status.signal == 0) return "exited with code " + std::to_string(status.code);
    return "killed by " + signal_name(status.signal) + (status.core_dumped ? " (core dumped)" : "");
}

ExitStatus exit_status_of(const siginfo_t& report) {
    switch (report.si_code) {
        case CLD_EXITED:
            return {.code = report.si_status};
        case CLD_KILLED:
            return {.signal = report.si_status};
        case CLD_DUMPED:
            return {.signal = report.si_status, .core_dumped = true};
        default:
            base::bug("asked for the exit status of a process that has not ended");
    }
}

}  // namespace poolhost::process
