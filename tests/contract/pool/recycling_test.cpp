// SPDX-License-Identifier: Apache-2.0
// Workers that have done enough are replaced, and no call notices; the same under every start method.
#include "contract/pool/running_pool.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using Replacement = config::Replacement;

class PoolRecycling : public ::testing::TestWithParam<std::tuple<base::StartMethod, Replacement>> {
protected:
    [[nodiscard]] static base::StartMethod method() { return std::get<0>(GetParam()); }
    [[nodiscard]] static config::PoolConfig workers(std::uint32_t count) {
        config::PoolConfig config;
        config.processes = {count, count, 30s, false};
        config.recycle.replacement = std::get<1>(GetParam());
        return config;
    }
    ScratchFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(StartMethods, PoolRecycling,
                         ::testing::Combine(::testing::ValuesIn(base::all_start_methods),
                                            ::testing::Values(Replacement::before, Replacement::after)),
                         [](const auto& chosen) {
                             const bool before = std::get<1>(chosen.param) == Replacement::before;
                             return std::string(base::name_of(std::get<0>(chosen.param))) +
                                    (before ? "Before" : "After");
                         });

std::map<pid_t, int> calls_by_process(const RunningPool& pool) {
    std::map<pid_t, int> calls;
    for (const auto& [tag, seen] : pool.seen()) {
        EXPECT_EQ(seen.kind(), "value") << seen.message();
        if (seen.worker) ++calls[seen.worker->pid];
    }
    return calls;
}

TEST_P(PoolRecycling, NoWorkerRunsMoreThanItsTasks) {
    config::PoolConfig config = workers(2);
    config.recycle.tasks = 5;
    RunningPool pool(method(), {"echo"}, config);
    for (int i = 0; i < 100; ++i) pool.submit("echo.int64", "[1]");
    pool.wait_for_all();
    for (const auto& [pid, calls] : calls_by_process(pool)) EXPECT_LE(calls, 5);
    for (const auto& [tag, seen] : pool.seen()) EXPECT_LT(seen.worker->index, 2) << "ranks stay";
    EXPECT_GE(pool->counters().workers_recycled, 18U);
    EXPECT_EQ(pool->counters().workers_lost, 0U);
}

TEST_P(PoolRecycling, OneTaskAWorkerIsPossible) {
    config::PoolConfig config = workers(1);
    config.recycle.tasks = 1;
    RunningPool pool(method(), {"echo"}, config);
    for (int i = 0; i < 5; ++i) pool.call("echo.int64", "[1]");
    EXPECT_EQ(calls_by_process(pool).size(), 5U);
}

TEST_P(PoolRecycling, AWorkerThatGrewIsReplaced) {
    config::PoolConfig config = workers(1);
    config.recycle.memory = base::mebibytes(32);
    RunningPool pool(method(), {"leak"}, config);
    for (int i = 0; i < 200 && pool->counters().workers_recycled < 2; ++i) pool.call("leak.leak", "[4000000]");
    EXPECT_GE(pool->counters().workers_recycled, 2U);
    EXPECT_GE(calls_by_process(pool).size(), 2U);
    EXPECT_EQ(pool->counters().workers_lost, 0U);
}

TEST_P(PoolRecycling, AWorkerThatGrowsInALongTaskIsReplacedAfterIt) {
    config::PoolConfig config = workers(1);
    config.recycle.memory = base::mebibytes(32);
    RunningPool pool(method(), {"leak"}, config);
    pool.call("leak.leak", "[100000000]");
    pool.wait_until([&] { return pool->counters().workers_recycled > 0 || !pool.seen().contains(0); });
    pool.wait_until([&] { return pool->counters().workers_started == 2; });
    EXPECT_EQ(pool.call("leak.leak", "[1]").value, "1");
}

TEST_P(PoolRecycling, AnOldWorkerIsReplacedAndNeverAllAtOnce) {
    config::PoolConfig config = workers(4);
    config.recycle.age = 30ms;
    RunningPool pool(method(), {"echo"}, config);
    pool.wait_until([&] { return pool->working() == 4; });
    std::size_t fewest = 4;
    pool.wait_until([&] {
        fewest = std::min(fewest, pool->working());
        return pool->counters().workers_recycled >= 6;
    });
    EXPECT_GE(fewest, 3U);
    EXPECT_EQ(pool->counters().workers_lost, 0U);
}

TEST_P(PoolRecycling, AReplacementThatCannotStartLeavesTheOldOneWhereThatIsPossible) {
    config::PoolConfig config = workers(1);
    config.recycle.age = 20ms;
    config.env = {{"START_FAILS_IF", {folder_.file("broken")}, false}};
    RunningPool pool(method(), {"start_fails_if"}, config);
    pool.wait_until([&] { return pool->working() == 1; });
    std::ofstream(folder_.file("broken")) << "yes";
    pool.wait_until([&] { return pool->counters().workers_lost >= 2; });
    const Seen seen = pool.call("start_fails_if.process", "[]");
    if (config.recycle.replacement == Replacement::before) {
        EXPECT_EQ(seen.kind(), "value") << seen.message();
    } else {
        EXPECT_EQ(seen.kind(), "pool_unavailable");
    }
    std::filesystem::remove(folder_.file("broken"));
    pool.wait_until([&] { return pool->state() == pool::PoolState::ready; });
    EXPECT_EQ(pool.call("start_fails_if.process", "[]").kind(), "value") << "it recovers by itself";
}

TEST_P(PoolRecycling, AWorkerAtItsEndThatCannotBeReplacedMakesThePoolUnavailable) {
    config::PoolConfig config = workers(1);
    config.recycle.tasks = 2;
    config.env = {{"START_FAILS_IF", {folder_.file("broken")}, false}};
    RunningPool pool(method(), {"start_fails_if"}, config);
    pool.wait_until([&] { return pool->working() == 1; });
    std::ofstream(folder_.file("broken")) << "yes";
    for (int i = 0; i < 2; ++i) EXPECT_EQ(pool.call("start_fails_if.process", "[]").kind(), "value");
    const Seen seen = pool.call("start_fails_if.process", "[]");
    EXPECT_EQ(seen.kind(), "pool_unavailable") << seen.message();
    EXPECT_THAT(seen.message(), HasSubstr("the file is there"));
}

}  // namespace
}  // namespace poolhost::test
