// SPDX-License-Identifier: Apache-2.0
// Why a worker died, from what its death left behind.
#include "pool/loss_cause.hpp"

#include <gtest/gtest.h>

#include <signal.h>

namespace poolhost::pool {
namespace {

using wire::LossCause;

LossCause cause_of_signal(int signal) { return loss_cause({.status = {.signal = signal}}); }

LossCause near_limit(int signal, base::Bytes data_size) {
    return loss_cause({.status = {.signal = signal}, .memory_limit = base::mebibytes(512), .data_size = data_size});
}

TEST(LossCause, OfAnExitIsExitWhateverItsCode) {
    EXPECT_EQ(loss_cause({.status = {.code = 0}}), LossCause::exit);
    EXPECT_EQ(loss_cause({.status = {.code = 137}}), LossCause::exit);
}

TEST(LossCause, OfAFaultIsACrash) {
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGPIPE}) {
        EXPECT_EQ(cause_of_signal(signal), LossCause::crash) << signal;
    }
}

TEST(LossCause, OfASignalThatIsOnlyEverSentIsKilled) {
    for (const int signal : {SIGKILL, SIGTERM, SIGINT, SIGQUIT, SIGHUP}) {
        EXPECT_EQ(cause_of_signal(signal), LossCause::killed) << signal;
    }
}

TEST(LossCause, OfTheKernelsKillIsOom) {
    EXPECT_EQ(loss_cause({.status = {.signal = SIGKILL}, .oom_kill = true}), LossCause::oom);
    // Somebody else was killed; this one crashed by itself.
    EXPECT_EQ(loss_cause({.status = {.signal = SIGSEGV}, .oom_kill = true}), LossCause::crash);
}

TEST(LossCause, OfTheKernelsLimitsIsLimit) {
    EXPECT_EQ(cause_of_signal(SIGXCPU), LossCause::limit);
    EXPECT_EQ(cause_of_signal(SIGXFSZ), LossCause::limit);
}

TEST(LossCause, OfACrashNearTheMemoryLimitIsLimit) {
    for (const int signal : {SIGSEGV, SIGABRT, SIGILL, SIGTRAP}) {
        EXPECT_EQ(near_limit(signal, base::mebibytes(512)), LossCause::limit) << signal;
        EXPECT_EQ(near_limit(signal, base::mebibytes(448)), LossCause::limit) << signal;
        EXPECT_EQ(near_limit(signal, base::mebibytes(447)), LossCause::crash) << signal;
        EXPECT_EQ(near_limit(signal, {0}), LossCause::crash) << signal;
    }
    EXPECT_EQ(near_limit(SIGFPE, base::mebibytes(512)), LossCause::crash);
    EXPECT_EQ(near_limit(SIGKILL, base::mebibytes(512)), LossCause::killed);
}

TEST(LossCause, OfACrashWithoutAMemoryLimitIsACrashHoweverLarge) {
    EXPECT_EQ(loss_cause({.status = {.signal = SIGSEGV}, .data_size = base::gibibytes(64)}), LossCause::crash);
}

}  // namespace
}  // namespace poolhost::pool
