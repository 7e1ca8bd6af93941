// SPDX-License-Identifier: Apache-2.0
// What a task tells the host while it runs, how it fails, and the hooks.
#include "unit/sdk/fake_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolhost::test {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Context, ReachesTheHost) {
    const Outcome outcome = run("told", json::array());
    EXPECT_EQ(outcome.value(), "thumbs forkserver 3 1 known");
    EXPECT_THAT(outcome.progress, ElementsAre(Pair(0.25, "a quarter")));
    EXPECT_THAT(outcome.log, ElementsAre(Pair(POOLHOST_LOG_WARNING, "careful")));
    EXPECT_EQ(outcome.retired, "leaks");
    ASSERT_EQ(outcome.emitted.size(), 1U);
    EXPECT_EQ(json::from_msgpack(outcome.emitted[0]), json::array({"part"}));
}

TEST(Context, KnowsOfAttemptsAndCancellation) {
    FakeCall call;
    call.call.attempt = 2;
    call.cancelled = true;
    EXPECT_EQ(call.run(task_named("told").run, {0x90}).value(), "thumbs forkserver 3 2 cancelled known");
}

TEST(Context, KnowsTheDeadline) {
    FakeCall call;
    EXPECT_EQ(call.run(task_named("deadline").run, {0x90}).value(), nullptr);
    call.call.deadline_ns = 123456789012345;
    EXPECT_EQ(call.run(task_named("deadline").run, {0x90}).value(), 123456789012345);
}

Failure failure_of(const json& what) {
    const Outcome outcome = run("throw_something", what);
    EXPECT_EQ(outcome.status, POOLHOST_FAILED);
    EXPECT_FALSE(outcome.reply);
    return outcome.failure.value_or(Failure{});
}

TEST(Failures, CarryTheTypeAndTheMessage) {
    EXPECT_EQ(failure_of({"own"}).type, "(anonymous namespace)::own_error");
    EXPECT_EQ(failure_of({"own"}).message, "of my own");
    EXPECT_EQ(failure_of({"memory"}).type, "std::bad_alloc");
}

TEST(Failures, OfTaskErrorCarryCodeAndFlag) {
    const Failure failure = failure_of({"task_error"});
    EXPECT_EQ(failure.type, "poolhost::task_error");
    EXPECT_EQ(failure.message, "seven");
    EXPECT_EQ(failure.code, 7);
    EXPECT_TRUE(failure.retryable);
    EXPECT_FALSE(failure_of({"own"}).retryable);
}

TEST(Failures, ThatAreNoExceptionsAreTextOrTheirType) {
    EXPECT_EQ(failure_of({"text"}).message, "a literal");
    EXPECT_EQ(failure_of({"string"}).message, "a string");
    EXPECT_EQ(failure_of({"number"}).type, "int");
    EXPECT_NE(failure_of({"number"}).message, "");
}

TEST(Failures, OfAResultThatCannotBeSentSaySo) {
    const Outcome outcome = run("no_color", json::array());
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->type, "poolhost::result_error");
    EXPECT_EQ(outcome.failure->message, "the result is no enumerator of color: 9");
}

TEST(Hooks, RunAndFailAsTasksDo) {
    const poolhost_plugin_table_v1& table = *poolhost_plugin_v1();
    FakeCall call;
    const Outcome preload = call.run(table.on_preload, {});
    EXPECT_EQ(preload.status, POOLHOST_OK);
    EXPECT_THAT(preload.log, ElementsAre(Pair(POOLHOST_LOG_DEBUG, "preloaded")));
    EXPECT_EQ(call.run(table.on_start, {}).status, POOLHOST_OK);
    const Outcome stop = call.run(table.on_stop, {});
    EXPECT_EQ(stop.status, POOLHOST_FAILED);
    ASSERT_TRUE(stop.failure);
    EXPECT_EQ(stop.failure->message, "stopped while alive");
}

}  // namespace
}  // namespace poolhost::test
