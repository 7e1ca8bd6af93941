// SPDX-License-Identifier: Apache-2.0
// What follows when a task kills its worker or does not end: explained, retried, kept; the same under every start
// method.
#include "contract/pool/running_pool.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include <signal.h>
#include <sys/stat.h>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PoolFailures : public ::testing::TestWithParam<base::StartMethod> {
protected:
    ScratchFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(StartMethods, PoolFailures, ::testing::ValuesIn(base::all_start_methods),
                         [](const auto& method) { return std::string(base::name_of(method.param)); });

config::PoolConfig one_worker() {
    config::PoolConfig config;
    config.processes = {1, 1, 30s, false};
    config.grace = 10ms;
    return config;
}

pool::CallRequest within(base::Duration timeout) {
    pool::CallRequest request;
    request.timeout = timeout;
    return request;
}

const wire::WorkerLost& lost(const Seen& seen) {
    static const wire::WorkerLost none;
    EXPECT_EQ(seen.kind(), "worker_lost") << seen.message();
    const auto* const details = seen.details<wire::WorkerLost>();
    return details != nullptr ? *details : none;
}

const wire::TimedOut& timed_out(const Seen& seen) {
    static const wire::TimedOut none;
    EXPECT_EQ(seen.kind(), "timeout") << seen.message();
    const auto* const details = seen.details<wire::TimedOut>();
    return details != nullptr ? *details : none;
}

wire::Findings stack_of(RunningPool& pool, std::uint64_t tag) {
    std::optional<wire::Findings> shown;
    pool->stack(pool.id_of(tag), [&](wire::Findings findings) { shown = std::move(findings); });
    pool.wait_until([&] { return shown.has_value(); });
    return *shown;
}

// A call counts as running a moment before its function does.
void wait_until_in(RunningPool& pool, std::uint64_t tag, const std::string& function) {
    pool.wait_until([&] { return pool->workers().front()->running() != nullptr; });
    while (!::testing::Value(stack_of(pool, tag).stack, Contains(HasSubstr(function)))) {
    }
}

// ---- stacks

TEST_P(PoolFailures, ACrashNamesItsFunction) {
    RunningPool pool(GetParam(), {"crash"}, one_worker());
    const Seen seen = pool.call("crash.abort", "[]");
    EXPECT_THAT(lost(seen).stack, Contains(HasSubstr("abort_it"))) << lost(seen).stack_missing;
    EXPECT_EQ(lost(seen).stack_missing, "");
}

TEST_P(PoolFailures, AKillLeavesNoStackAndSaysSo) {
    RunningPool pool(GetParam(), {"crash"}, one_worker());
    const Seen seen = pool.call("crash.kill", "[9]");
    EXPECT_THAT(lost(seen).stack, IsEmpty());
    EXPECT_THAT(lost(seen).stack_missing, HasSubstr("SIGKILL"));
}

TEST_P(PoolFailures, ATimeoutTellsWhatTheTaskWasDoing) {
    RunningPool pool(GetParam(), {"hang"}, one_worker());
    const Seen seen = pool.call("hang.spin", "[]", within(200ms));
    EXPECT_EQ(timed_out(seen).phase, wire::CallPhase::running);
    EXPECT_THAT(timed_out(seen).stack, Contains(HasSubstr("spin"))) << timed_out(seen).stack_missing;
}

TEST_P(PoolFailures, ATaskThatBlocksEverySignalHasNoStack) {
    RunningPool pool(GetParam(), {"hang", "echo"}, one_worker());
    const Seen seen = pool.call("hang.spin_deaf", "[]", within(20ms));
    EXPECT_THAT(timed_out(seen).stack, IsEmpty());
    EXPECT_THAT(timed_out(seen).stack_missing, HasSubstr("blocking"));
    EXPECT_EQ(pool.call("echo.int64", "[1]").value, "1");
}

TEST_P(PoolFailures, AStoppedTaskTellsWhereItWasStopped) {
    RunningPool pool(GetParam(), {"hang"}, one_worker());
    const std::uint64_t tag = pool.submit("hang.spin", "[]", within(1s));
    wait_until_in(pool, tag, "spin");
    ::kill(pool->workers().front()->pid(), SIGSTOP);
    EXPECT_THAT(timed_out(pool.wait_for(tag)).stack, Contains(HasSubstr("spin")));
}

TEST_P(PoolFailures, ARunningCallShowsItsStackUnharmed) {
    RunningPool pool(GetParam(), {"slow"}, one_worker());
    const std::uint64_t tag = pool.submit("slow.until_cancelled", "[]");
    wait_until_in(pool, tag, "until_cancelled");
    for (int i = 0; i < 3; ++i) {
        const wire::Findings shown = stack_of(pool, tag);
        EXPECT_THAT(shown.stack, Contains(HasSubstr("until_cancelled"))) << shown.stack_missing;
    }
    EXPECT_FALSE(pool.seen().contains(tag));
    pool->cancel(pool.id_of(tag));
    EXPECT_EQ(pool.wait_for(tag).kind(), "cancelled");
}

TEST_P(PoolFailures, NoStackIsShownOfACallThatDoesNotRun) {
    RunningPool pool(GetParam(), {"slow"}, one_worker());
    const std::uint64_t tag = pool.submit("slow.sleep", "[0]");
    pool.wait_for(tag);
    EXPECT_THAT(stack_of(pool, tag).stack_missing, HasSubstr("no such call"));
}

TEST_P(PoolFailures, ASlowCallIsLoggedOnceWithItsStack) {
    config::PoolConfig config = one_worker();
    config.slow = 100ms;
    RunningPool pool(GetParam(), {"slow"}, config);
    const std::uint64_t tag = pool.submit("slow.until_cancelled", "[]");
    pool.wait_until([&] { return !pool.lines().empty(); });
    EXPECT_THAT(pool.lines().front(),
                HasSubstr("slow.until_cancelled (call 0, worker 0) runs for longer than 0.1 s: "));
    EXPECT_THAT(pool.lines().front(), HasSubstr("until_cancelled(poolhost::context&)"));
    pool->cancel(pool.id_of(tag));
    pool.wait_for(tag);
    EXPECT_EQ(pool.lines().size(), 1U);
}

// ---- capsules

TEST_P(PoolFailures, ACrashIsKeptPrivately) {
    RunningPool pool(GetParam(), {"crash"}, one_worker(), folder_.path());
    const auto capsule = lost(pool.call("crash.abort", "[]")).capsule;
    ASSERT_TRUE(capsule.has_value());
    struct stat status {};
    ASSERT_EQ(::stat(capsule->c_str(), &status), 0) << *capsule;
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_TRUE(capsule->starts_with(folder_.path().string()));
}

TEST_P(PoolFailures, ATimeoutIsKeptToo) {
    RunningPool pool(GetParam(), {"hang"}, one_worker(), folder_.path());
    EXPECT_EQ(pool.call("hang.spin", "[]", within(20ms)).kind(), "timeout");
    EXPECT_FALSE(std::filesystem::is_empty(folder_.path()));
}

TEST_P(PoolFailures, AFolderThatCannotBeWrittenFailsNoCall) {
    RunningPool pool(GetParam(), {"crash", "echo"}, one_worker(), "/proc/no/such/folder");
    const Seen seen = pool.call("crash.abort", "[]");
    EXPECT_FALSE(lost(seen).capsule.has_value());
    EXPECT_THAT(lost(seen).stack, Contains(HasSubstr("abort_it")));
    EXPECT_THAT(pool.lines(), Contains(HasSubstr("/proc/no")));
    EXPECT_EQ(pool.call("echo.int64", "[1]").value, "1");
}

// ---- retries and quarantine

TEST_P(PoolFailures, AnIdempotentTaskIsRunAgain) {
    config::PoolConfig config = one_worker();
    config.retries = 2;
    RunningPool pool(GetParam(), {"crash"}, config);
    const Seen seen = pool.call("crash.abort_times", "[\"" + folder_.file("marks") + "\", 2]");
    EXPECT_EQ(seen.value, "3") << seen.message();
    EXPECT_EQ(seen.attempt, 3);
    EXPECT_EQ(pool->counters().retried, 2U);
    EXPECT_TRUE(pool->counters().balanced());
}

TEST_P(PoolFailures, RetriesComeToAnEnd) {
    config::PoolConfig config = one_worker();
    config.retries = 1;
    RunningPool pool(GetParam(), {"crash"}, config);
    const Seen seen = pool.call("crash.abort_times", "[\"" + folder_.file("marks") + "\", 9]");
    lost(seen);
    EXPECT_EQ(seen.attempt, 2);
}

TEST_P(PoolFailures, AnyOtherTaskIsNeverRunAgain) {
    config::PoolConfig config = one_worker();
    config.retries = 5;
    RunningPool pool(GetParam(), {"crash"}, config);
    EXPECT_EQ(pool.call("crash.abort", "[]").attempt, 1);
    EXPECT_EQ(pool->counters().retried, 0U);
}

TEST_P(PoolFailures, AnInputThatKillsIsNotRunForEver) {
    config::PoolConfig config = one_worker();
    config.quarantine = 2;
    RunningPool pool(GetParam(), {"crash"}, config, folder_.path());
    for (int i = 0; i < 2; ++i) lost(pool.call("crash.unless", "[7, 7]"));
    const Seen seen = pool.call("crash.unless", "[7, 7]");
    ASSERT_NE(seen.details<wire::Quarantined>(), nullptr) << seen.message();
    EXPECT_EQ(seen.details<wire::Quarantined>()->capsules.size(), 2U);
    EXPECT_EQ(pool.call("crash.unless", "[8, 7]").value, "8") << "its look-alikes run";
    EXPECT_EQ(pool.call("crash.unless", "[7, 8]").value, "7");
    EXPECT_TRUE(pool->counters().balanced());
}

TEST_P(PoolFailures, ALargeInputThatKillsIsNotRunForEver) {
    config::PoolConfig config = one_worker();
    config.quarantine = 1;
    RunningPool pool(GetParam(), {"crash"}, config);
    const std::string bytes(3 << 20, 'A');
    const std::string input = R"([{"$bytes": ")" + bytes + R"("}])";
    lost(pool.call("crash.abort_with", input));
    EXPECT_EQ(pool.call("crash.abort_with", input).kind(), "quarantined");
}

TEST_P(PoolFailures, RetriesStopAtTheQuarantine) {
    config::PoolConfig config = one_worker();
    config.quarantine = 2;
    config.retries = 100;
    RunningPool pool(GetParam(), {"crash"}, config);
    const Seen seen = pool.call("crash.abort_times", "[\"" + folder_.file("marks") + "\", 99]");
    lost(seen);
    EXPECT_EQ(seen.attempt, 2);
}

TEST_P(PoolFailures, AKillFromOutsideBlamesNoInput) {
    config::PoolConfig config = one_worker();
    config.quarantine = 1;
    RunningPool pool(GetParam(), {"crash"}, config);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(lost(pool.call("crash.kill", "[9]")).cause, wire::LossCause::killed);
}

// ---- many of them

TEST_P(PoolFailures, AStormOfCrashesLeavesThePoolWhole) {
    config::PoolConfig config;
    config.quarantine = 0;
    RunningPool pool(GetParam(), {"crash", "echo"}, config);
    for (int i = 0; i < 40; ++i) {
        pool.submit("crash.abort", "[]");
        pool.submit("echo.int64", "[1]");
    }
    pool.wait_for_all();
    for (const auto& [tag, seen] : pool.seen()) {
        ASSERT_EQ(seen.kind(), tag % 2 == 0 ? "worker_lost" : "value") << seen.message();
    }
    pool.wait_until([&] { return pool->working() == 2; });
    EXPECT_EQ(pool->state(), pool::PoolState::ready);
    EXPECT_TRUE(pool->counters().balanced());
}

TEST_P(PoolFailures, AStopAtOnceWaitsForNoFindings) {
    RunningPool pool(GetParam(), {"crash", "hang"});
    pool.submit("hang.spin", "[]", within(1ms));
    const std::uint64_t crashing = pool.submit("crash.abort", "[]");
    pool.wait_until([&] { return pool->counters().workers_lost > 0; });
    pool.stop(pool::Pool::Stop::at_once);
    EXPECT_EQ(pool.seen().size(), 2U);
    lost(pool.seen().at(crashing));
    EXPECT_THAT(children(), IsEmpty());
}

TEST_P(PoolFailures, AMissingAftermathProgramCostsTheStackOnly) {
    RunningPool pool(GetParam(), {"crash", "echo"}, one_worker(), folder_.path(), "/no/such/program");
    const Seen seen = pool.call("crash.abort", "[]");
    EXPECT_EQ(lost(seen).cause, wire::LossCause::crash);
    EXPECT_THAT(lost(seen).stack, IsEmpty());
    EXPECT_THAT(lost(seen).stack_missing, Not(IsEmpty()));
    EXPECT_EQ(pool.call("echo.int64", "[1]").value, "1");
}

}  // namespace
}  // namespace poolhost::test
