// SPDX-License-Identifier: Apache-2.0
// What a pool promises, the same under every start method.
#include "contract/pool/running_pool.hpp"

#include <gmock/gmock.h>

#include <set>

#include <signal.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PoolContract : public ::testing::TestWithParam<base::StartMethod> {};

INSTANTIATE_TEST_SUITE_P(StartMethods, PoolContract, ::testing::ValuesIn(base::all_start_methods),
                         [](const auto& method) { return std::string(base::name_of(method.param)); });

config::PoolConfig one_worker() {
    config::PoolConfig config;
    config.processes = {1, 1, 30s, false};
    return config;
}

pool::CallRequest within(base::Duration timeout) {
    pool::CallRequest request;
    request.timeout = timeout;
    return request;
}

TEST_P(PoolContract, RunsACallUnderItsStartMethod) {
    RunningPool pool(GetParam(), {"echo"});
    EXPECT_EQ(pool.call("echo.int64", "[42]").value, "42");
    EXPECT_EQ(pool.call("poolhost.start_method", "[]").value, '"' + std::string(base::name_of(GetParam())) + '"');
}

TEST_P(PoolContract, WorkersAreChildrenOfTheHost) {
    RunningPool pool(GetParam(), {"surroundings"});
    EXPECT_EQ(pool.call("surroundings.parent", "[]").value, std::to_string(::getpid()));
    const Seen seen = pool.call("surroundings.process", "[]");
    EXPECT_EQ(seen.value, std::to_string(seen.worker->pid));
    EXPECT_EQ(pool.call("surroundings.group", "[]").value,
              std::to_string(pool.call("surroundings.process", "[]").worker->pid));
}

TEST_P(PoolContract, EveryCallHasExactlyOneOutcome) {
    RunningPool pool(GetParam(), {"echo"});
    for (int i = 0; i < 20'000; ++i) pool.submit("echo.int64", "[" + std::to_string(i) + "]");
    pool.wait_for_all();
    for (const auto& [tag, seen] : pool.seen()) ASSERT_EQ(seen.value, std::to_string(tag));
    EXPECT_TRUE(pool->counters().balanced());
    EXPECT_EQ(pool->counters().succeeded, 20'000U);
}

TEST_P(PoolContract, ADeathCostsOneItemOfABatch) {
    RunningPool pool(GetParam(), {"crash"});
    for (int i = 0; i < 5'000; ++i) pool.submit("crash.unless", "[" + std::to_string(i) + ", 3000]");
    pool.wait_for_all();
    for (const auto& [tag, seen] : pool.seen()) {
        ASSERT_EQ(seen.kind(), tag == 3000 ? "worker_lost" : "value") << tag << ": " << seen.message();
        ASSERT_EQ(seen.attempt, 1);
    }
    EXPECT_TRUE(pool->counters().balanced());
}

TEST_P(PoolContract, ACrashIsExplainedAndTheWorkerReplaced) {
    RunningPool pool(GetParam(), {"crash", "echo"}, one_worker());
    const Seen lost = pool.call("crash.abort", "[]");  // sanitizers make an exit of a segmentation fault
    ASSERT_NE(lost.details<wire::WorkerLost>(), nullptr) << lost.message();
    EXPECT_EQ(lost.details<wire::WorkerLost>()->cause, wire::LossCause::crash);
    EXPECT_EQ(lost.details<wire::WorkerLost>()->signal, "SIGABRT");
    EXPECT_THAT(lost.message(), HasSubstr("crash.abort"));
    const Seen next = pool.call("echo.int64", "[1]");
    EXPECT_EQ(next.value, "1");
    EXPECT_NE(next.worker->pid, lost.worker->pid);
    EXPECT_EQ(next.worker->index, lost.worker->index);
}

TEST_P(PoolContract, AnExitIsExplained) {
    RunningPool pool(GetParam(), {"crash"});
    const Seen lost = pool.call("crash.exit", "[3]");
    ASSERT_NE(lost.details<wire::WorkerLost>(), nullptr) << lost.message();
    EXPECT_EQ(lost.details<wire::WorkerLost>()->cause, wire::LossCause::exit);
    EXPECT_EQ(lost.details<wire::WorkerLost>()->exit_code, 3);
}

TEST_P(PoolContract, AKillFromOutsideIsExplained) {
    RunningPool pool(GetParam(), {"crash"});
    const Seen lost = pool.call("crash.kill", "[9]");
    ASSERT_NE(lost.details<wire::WorkerLost>(), nullptr) << lost.message();
    EXPECT_EQ(lost.details<wire::WorkerLost>()->cause, wire::LossCause::killed);
    EXPECT_EQ(lost.details<wire::WorkerLost>()->signal, "SIGKILL");
}

TEST_P(PoolContract, NobodyNoticesTheDeathOfAnIdleWorker) {
    RunningPool pool(GetParam(), {"echo"}, one_worker());
    const Seen before = pool.call("echo.int64", "[1]");
    ::kill(before.worker->pid, SIGKILL);
    for (int i = 0; i < 50; ++i) {
        const Seen seen = pool.call("echo.int64", "[2]");
        ASSERT_EQ(seen.value, "2") << seen.message();
    }
}

TEST_P(PoolContract, AStoppedIdleWorkerHoldsNoCall) {
    RunningPool pool(GetParam(), {"echo"});
    pool.wait_until([&] { return pool->working() == 2; });
    const pid_t stopped = pool->workers().front()->pid();
    ::kill(stopped, SIGSTOP);
    for (int i = 0; i < 20; ++i) pool.submit("echo.int64", "[7]");
    pool.wait_for_all();
    for (const auto& [tag, seen] : pool.seen()) EXPECT_NE(seen.worker->pid, stopped);
    ::kill(stopped, SIGCONT);
    pool.wait_until([&] { return pool->workers().front()->idle() && pool->workers().back()->idle(); });
}

TEST_P(PoolContract, ALongCallHasNothingStuckBehindIt) {
    RunningPool pool(GetParam(), {"slow"});
    for (int i = 0; i < 200; ++i) pool.submit("slow.sleep", "[0.0001]");
    pool.wait_for_all();
    const std::uint64_t endless = pool.submit("slow.sleep", "[1000]");
    std::vector<std::uint64_t> behind;
    for (int i = 0; i < 200; ++i) behind.push_back(pool.submit("slow.sleep", "[0.0001]"));
    for (const std::uint64_t tag : behind) EXPECT_EQ(pool.wait_for(tag).kind(), "value");
    EXPECT_FALSE(pool.seen().contains(endless));
}

TEST_P(PoolContract, AWorkerThatCannotStartMakesThePoolUnavailable) {
    RunningPool pool(GetParam(), {"start_fails"});
    const Seen seen = pool.call("start_fails.same", "[1]");
    EXPECT_EQ(seen.kind(), "pool_unavailable") << seen.message();
    EXPECT_THAT(seen.message(), HasSubstr("start_fails"));
    EXPECT_EQ(pool->state(), pool::PoolState::unavailable);
    EXPECT_EQ(pool.call("start_fails.same", "[1]").kind(), "pool_unavailable");
}

TEST_P(PoolContract, ATimeoutReplacesADeafWorker) {
    config::PoolConfig config = one_worker();
    config.grace = 10ms;
    RunningPool pool(GetParam(), {"hang", "echo"}, config);
    const Seen seen = pool.call("hang.spin_deaf", "[]", within(20ms));
    ASSERT_NE(seen.details<wire::TimedOut>(), nullptr) << seen.message();
    EXPECT_EQ(seen.details<wire::TimedOut>()->phase, wire::CallPhase::running);
    EXPECT_NE(pool.call("echo.int64", "[1]").worker->pid, seen.worker->pid);
}

TEST_P(PoolContract, ATaskThatObeysKeepsItsWorker) {
    RunningPool pool(GetParam(), {"slow", "echo"}, one_worker());
    const Seen seen = pool.call("slow.until_cancelled", "[]", within(20ms));
    EXPECT_EQ(seen.kind(), "timeout") << seen.message();
    EXPECT_EQ(pool.call("echo.int64", "[1]").worker->pid, seen.worker->pid);
}

TEST_P(PoolContract, ACancelledQueuedCallNeverRuns) {
    RunningPool pool(GetParam(), {"slow", "leak"}, one_worker());
    const std::uint64_t blocker = pool.submit("slow.until_cancelled", "[]");
    pool.wait_until([&] { return pool->workers().front()->running() != nullptr; });
    const std::uint64_t queued = pool.submit("leak.leak", "[1]");
    pool->cancel(pool.id_of(queued));
    pool->cancel(pool.id_of(blocker));
    ASSERT_NE(pool.wait_for(queued).details<wire::Cancelled>(), nullptr);
    EXPECT_FALSE(pool.wait_for(queued).details<wire::Cancelled>()->begun);
    EXPECT_TRUE(pool.wait_for(blocker).details<wire::Cancelled>()->begun);
    EXPECT_EQ(pool.call("leak.leak", "[1]").value, "1") << "the cancelled call has run";
}

TEST_P(PoolContract, LargeValuesTravelBothWays) {
    RunningPool pool(GetParam(), {"large", "echo"});
    const std::string text(8 << 20, 'x');
    EXPECT_EQ(pool.call("echo.text", "[\"" + text + "\"]").value.size(), text.size() + 2);
    EXPECT_EQ(pool.call("large.text", "[5000000]").value.size(), 5'000'002U);
    for (int i = 0; i < 20; ++i) ASSERT_EQ(pool.call("large.text", "[100000]").value.size(), 100'002U);
}

TEST_P(PoolContract, TheEnvironmentKnowsTheRank) {
    config::PoolConfig config;
    config.env = {{"EVERYWHERE", {"same"}, false}, {"RANK", {"r{index}"}, false}};
    RunningPool pool(GetParam(), {"surroundings"}, config);
    const Seen seen = pool.call("surroundings.environment", "[\"RANK\"]");
    EXPECT_EQ(seen.value, "\"r" + std::to_string(seen.worker->index) + '"');
    EXPECT_EQ(pool.call("surroundings.environment", "[\"EVERYWHERE\"]").value, "\"same\"");
    EXPECT_EQ(::getenv("EVERYWHERE"), nullptr) << "the host's own environment has changed";
}

TEST_P(PoolContract, OutputComesLineByLineWithItsTask) {
    RunningPool pool(GetParam(), {"chatter"}, one_worker());
    pool.call("chatter.to_error", "[2]");
    pool.wait_until([&] { return pool.lines().size() >= 2; });
    EXPECT_THAT(pool.lines().front(), HasSubstr("stderr: "));
}

TEST_P(PoolContract, AWorkersChildrenDieWithIt) {
    RunningPool pool(GetParam(), {"forks", "crash"}, one_worker());
    const pid_t child = std::stoi(pool.call("forks.leave_child", "[]").value);
    EXPECT_EQ(::kill(child, 0), 0);
    pool.call("crash.abort", "[]");
    pool.wait_until([&] { return ::kill(child, 0) != 0; });
}

TEST_P(PoolContract, ClosedDescriptorsCostOneWorker) {
    RunningPool pool(GetParam(), {"closes_descriptors", "echo"}, one_worker());
    pool.call("closes_descriptors.close_others", "[]");
    EXPECT_EQ(pool.call("echo.int64", "[1]").value, "1");
}

TEST_P(PoolContract, TheQueueHasALimit) {
    config::PoolConfig config = one_worker();
    config.queue_limit = 3;
    RunningPool pool(GetParam(), {"slow"}, config);
    for (int i = 0; i < 10; ++i) pool.submit("slow.until_cancelled", "[]");
    const Seen& full = pool.wait_for(9);
    ASSERT_NE(full.details<wire::QueueFull>(), nullptr) << full.message();
    EXPECT_EQ(full.details<wire::QueueFull>()->limit, 3U);
}

TEST_P(PoolContract, WorkersComeAndGoWithTheQueue) {
    config::PoolConfig config;
    config.processes = {0, 3, 10ms, false};
    RunningPool pool(GetParam(), {"slow"}, config);
    EXPECT_THAT(pool->workers(), IsEmpty());
    for (int i = 0; i < 3; ++i) pool.submit("slow.sleep", "[0.05]");
    pool.wait_for_all();
    EXPECT_GE(pool->counters().workers_started, 2U);
    pool.wait_until([&] { return pool->workers().empty(); });
    EXPECT_EQ(pool.call("slow.sleep", "[0]").kind(), "value") << "it starts workers again";
}

TEST_P(PoolContract, AWorkerThatRetiresGivesItsResultAndNoMore) {
    RunningPool pool(GetParam(), {"retires"}, one_worker());
    for (int i = 0; i < 20; ++i) pool.submit("retires.once", "[]");
    pool.wait_for_all();
    std::set<std::string> processes;
    for (const auto& [tag, seen] : pool.seen()) {
        EXPECT_EQ(seen.kind(), "value") << seen.message();
        processes.insert(seen.value);
    }
    EXPECT_EQ(processes.size(), 20U);
    EXPECT_EQ(pool->counters().workers_lost, 0U);
}

TEST_P(PoolContract, AStopAtOnceCancelsEverythingAndLeavesNoProcess) {
    RunningPool pool(GetParam(), {"hang"});
    for (int i = 0; i < 10; ++i) pool.submit("hang.spin_deaf", "[]");
    pool.wait_until([&] { return pool->working() == 2 && pool->workers().front()->running() != nullptr; });
    pool.stop(pool::Pool::Stop::at_once);
    ASSERT_EQ(pool.seen().size(), 10U);
    for (const auto& [tag, seen] : pool.seen()) EXPECT_EQ(seen.kind(), "cancelled");
    EXPECT_THAT(children(), IsEmpty());
}

TEST_P(PoolContract, ADrainGivesEveryCallItsOutcome) {
    RunningPool pool(GetParam(), {"slow"});
    for (int i = 0; i < 100; ++i) pool.submit("slow.sleep", "[0.001]");
    pool.stop(pool::Pool::Stop::drain);
    ASSERT_EQ(pool.seen().size(), 100U);
    for (const auto& [tag, seen] : pool.seen()) EXPECT_EQ(seen.kind(), "value");
    EXPECT_THAT(children(), IsEmpty());
}

}  // namespace
}  // namespace poolhost::test
