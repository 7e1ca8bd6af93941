// SPDX-License-Identifier: Apache-2.0
#include "cli/failure_text.hpp"
#include "cli/exit_code.hpp"

#include <gmock/gmock.h>

namespace poolhost::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(FailureText, SaysKindAndMessageFirst) {
    EXPECT_THAT(failure_text({"division by zero", wire::TaskError{"std::domain_error", 0, false}}),
                ElementsAre("task_error: division by zero", "  thrown: std::domain_error"));
    EXPECT_THAT(failure_text({"10 s passed", wire::TimedOut{}}), ElementsAre("timeout: 10 s passed"));
}

TEST(FailureText, ALostWorkersLastWordsAreShown) {
    const auto lines = failure_text(
        {"the worker died", wire::WorkerLost{wire::LossCause::crash, "SIGSEGV", {}, {}, "", {"oh", "no"}, "c.tar"}});
    EXPECT_THAT(lines, ElementsAre("worker_lost: the worker died", "  cause: crash, SIGSEGV",
                                   "  its last words:", "    oh", "    no", "  run it again: poolhost replay c.tar"));
}

TEST(FailureText, AStackEndsWherePoolhostBegins) {
    wire::TimedOut timed_out;
    timed_out.stack = {"spin() at spin.cpp:3 (libspin.so+0x1)", "void poolhost::detail::run_typed<>() (libspin.so+0x2)",
                       "main (poolhost-worker+0x3)"};
    EXPECT_THAT(failure_text({"too long", timed_out}),
                ElementsAre("timeout: too long", "  stack:", "    spin() at spin.cpp:3 (libspin.so+0x1)",
                            "    … and 2 frames of poolhost's own"));
    timed_out.stack = {};
    timed_out.stack_missing = "it blocks the signal";
    EXPECT_THAT(failure_text({"too long", timed_out}), Contains("  no stack: it blocks the signal"));
}

TEST(FailureText, WhatThereIsIsListedWhereNothingIsNear) {
    EXPECT_THAT(failure_text({"no", wire::UnknownTask{{}, {"a.b", "c.d"}, {}}}), Contains("  there are: a.b, c.d"));
    EXPECT_THAT(failure_text({"no", wire::UnknownPool{"near", {"near"}}}), ElementsAre("unknown_pool: no"));
}

TEST(FailureText, ATerminalIsNotCommanded) {
    EXPECT_THAT(failure_text({"\x1b[2J\r", wire::TaskError{}}).front(), HasSubstr("\\x1b[2J\\x0d"));
}

TEST(ExitCode, FollowsTheContract) {
    EXPECT_EQ(exit_code_of({"", wire::TaskError{}}), ExitCode::failed);
    EXPECT_EQ(exit_code_of({"", wire::WorkerLost{}}), ExitCode::failed);
    EXPECT_EQ(exit_code_of({"", wire::TimedOut{}}), ExitCode::failed);
    EXPECT_EQ(exit_code_of({"", wire::BadArguments{}}), ExitCode::usage);
    EXPECT_EQ(exit_code_of({"", wire::UnknownTask{}}), ExitCode::usage);
    EXPECT_EQ(exit_code_of({"", wire::UnknownPool{}}), ExitCode::usage);
    EXPECT_EQ(exit_code_of({"", wire::PoolUnavailable{}}), ExitCode::no_host);
    EXPECT_EQ(exit_code_of({"", wire::HostLost{}}), ExitCode::no_host);
    EXPECT_EQ(exit_code_of({"", wire::ShuttingDown{}}), ExitCode::no_host);
}

}  // namespace
}  // namespace poolhost::cli
