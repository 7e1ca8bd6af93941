// SPDX-License-Identifier: Apache-2.0
#include "pool/decisions.hpp"

#include "wire/records.hpp"

#include <gtest/gtest.h>

namespace poolhost::pool {
namespace {

using namespace std::chrono_literals;

TEST(BatchSize, IsOneUntilTheTaskWasMeasured) { EXPECT_EQ(batch_size(std::nullopt, 1'000'000, 2), 1U); }

TEST(BatchSize, GrowsAsTasksShrink) {
    EXPECT_EQ(batch_size(5ms, 1'000'000, 2), 1U);
    EXPECT_GT(batch_size(10us, 1'000'000, 2), batch_size(100us, 1'000'000, 2));
    EXPECT_EQ(batch_size(0ns, 1'000'000, 2), wire::max_batch_items);
}

TEST(BatchSize, LeavesEachWorkerItsShare) {
    EXPECT_LE(batch_size(1us, 100, 4), 100U / 4);
    EXPECT_EQ(batch_size(1us, 1, 4), 1U);
}

TEST(CallsAhead, ShortTasksAreHandedAheadAndLongOnesAreNot) {
    EXPECT_EQ(calls_ahead(std::nullopt, std::nullopt), 0U);
    EXPECT_GT(calls_ahead(1us, std::nullopt), 1000U);
    EXPECT_GE(calls_ahead(5ms, std::nullopt), 1U);
    EXPECT_EQ(calls_ahead(1s, std::nullopt), 0U);
}

TEST(CallsAhead, TheConfigurationDecidesFirst) {
    EXPECT_EQ(calls_ahead(1us, 0U), 0U);
    EXPECT_EQ(calls_ahead(1s, 3U), 3U);
}

TEST(RestartDelay, AFewDeathsAreForgiven) {
    const base::TimePoint now = base::Clock::now();
    const config::RestartPolicy policy{5, 10s};
    EXPECT_EQ(restart_delay(policy, {5, {}}, now, 0), 0ns);
    EXPECT_EQ(restart_delay(policy, {0, std::vector(5, now)}, now, 0), 0ns);
    EXPECT_GT(restart_delay(policy, {6, {}}, now, 0), 0ns);
    EXPECT_GT(restart_delay(policy, {3, std::vector(3, now)}, now, 0), 0ns);
}

TEST(RestartDelay, OldDeathsAreForgotten) {
    const base::TimePoint now = base::Clock::now();
    EXPECT_EQ(restart_delay({5, 10s}, {0, std::vector(50, now - 11s)}, now, 0), 0ns);
}

TEST(RestartDelay, GrowsToItsBound) {
    const base::TimePoint now = base::Clock::now();
    const config::RestartPolicy policy{5, 10s};
    EXPECT_LT(restart_delay(policy, {6, {}}, now, 0), restart_delay(policy, {8, {}}, now, 0));
    EXPECT_LE(restart_delay(policy, {1000, {}}, now, 1), 40s);
}

TEST(WantedWorkers, FollowsTheQueueWithinItsBounds) {
    const config::Processes processes{1, 4, 30s, false};
    EXPECT_EQ(wanted_workers(processes, 0, 0, 0), 1U);
    EXPECT_EQ(wanted_workers(processes, 1, 1, 1), 1U) << "an idle worker takes it";
    EXPECT_EQ(wanted_workers(processes, 1, 0, 1), 2U);
    EXPECT_EQ(wanted_workers(processes, 1, 0, 1000), 4U);
}

TEST(ShortestTimeout, IsTheShortestThatIsSet) {
    EXPECT_EQ(shortest_timeout(0s, 0s, std::nullopt), 0s);
    EXPECT_EQ(shortest_timeout(5s, 0s, 3s), 3s);
    EXPECT_EQ(shortest_timeout(0s, 2s, 3s), 2s);
}

TEST(RunTime, FollowsTheNewerCalls) {
    RunTime time;
    EXPECT_EQ(time.mean(), std::nullopt);
    time.add(100us);
    EXPECT_EQ(time.mean(), 100us);
    for (int i = 0; i < 200; ++i) time.add(1us);
    EXPECT_LT(*time.mean(), 2us);
    time.add(-5us);
    EXPECT_GE(*time.mean(), 0us);
}

TEST(MayRetry, OnlyIdempotentTasksAndOnlySoOften) {
    EXPECT_FALSE(may_retry(false, 1, 9));
    EXPECT_FALSE(may_retry(true, 1, 0));
    EXPECT_TRUE(may_retry(true, 1, 1));
    EXPECT_FALSE(may_retry(true, 2, 1));
}

config::Recycle recycling_after(std::uint64_t tasks) {
    config::Recycle recycle;
    recycle.tasks = tasks;
    return recycle;
}

TEST(RecycleLimits, JitterOnlyShortens) {
    EXPECT_EQ(recycle_limits(recycling_after(1000), 0).tasks, 1000U);
    EXPECT_EQ(recycle_limits(recycling_after(1000), 1).tasks, 900U);
    EXPECT_EQ(recycle_limits(recycling_after(1), 1).tasks, 1U) << "never to nothing";
    config::Recycle recycle;
    recycle.jitter_percent = 50;
    recycle.age = 10s;
    recycle.memory = base::mebibytes(10);
    EXPECT_EQ(recycle_limits(recycle, 1).age, 5s);
    EXPECT_EQ(recycle_limits(recycle, 0.5).memory_growth, base::mebibytes(10).count * 3 / 4);
}

TEST(RecycleReason, SaysWhichLimitWasReached) {
    const RecycleLimits limits{100, 1 << 20, 60s};
    EXPECT_EQ(recycle_reason(limits, {99, (1 << 20) - 1, 59s}), "");
    EXPECT_EQ(recycle_reason(limits, {100, 0, 0s}), "it ran 100 tasks");
    EXPECT_EQ(recycle_reason(limits, {0, 5 << 20, 0s}), "its memory grew by 5 MiB");
    EXPECT_EQ(recycle_reason(limits, {0, -5, 61s}), "it is 61 s old");
    EXPECT_EQ(recycle_reason({}, {1'000'000, 1 << 30, 1h}), "") << "no limits";
}

TEST(MostRecycledAtOnce, IsNeverAllOfSeveral) {
    EXPECT_EQ(most_recycled_at_once(1), 1U);
    EXPECT_EQ(most_recycled_at_once(2), 1U);
    EXPECT_EQ(most_recycled_at_once(64), 16U);
}

}  // namespace
}  // namespace poolhost::pool
