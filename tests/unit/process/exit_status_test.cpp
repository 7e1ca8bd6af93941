// SPDX-License-Identifier: Apache-2.0
#include "process/exit_status.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>

namespace poolhost::process {
namespace {

TEST(ExitStatus, SaysItInWords) {
    EXPECT_EQ(text({.code = 3}), "exited with code 3");
    EXPECT_EQ(text({.signal = SIGSEGV}), "killed by SIGSEGV");
    EXPECT_EQ(text({.signal = SIGABRT, .core_dumped = true}), "killed by SIGABRT (core dumped)");
}

TEST(ExitStatus, NamesSignalsAndNumbersTheNameless) {
    EXPECT_EQ(signal_name(SIGKILL), "SIGKILL");
    EXPECT_EQ(signal_name(70), "signal 70");
    EXPECT_EQ(signal_name(-1), "signal -1");
}

TEST(ExitStatus, IsReadFromWhatTheKernelReports) {
    siginfo_t report{};
    report.si_code = CLD_DUMPED;
    report.si_status = SIGBUS;
    EXPECT_EQ(exit_status_of(report), (ExitStatus{.signal = SIGBUS, .core_dumped = true}));
    report.si_code = CLD_EXITED;
    report.si_status = 255;
    EXPECT_EQ(exit_status_of(report), ExitStatus{.code = 255});
}

}  // namespace
}  // namespace poolhost::process
