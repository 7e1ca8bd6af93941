// SPDX-License-Identifier: Apache-2.0
// How many workers a pool has, and which rank each of them has, under every start method.
#include "contract/pool/running_pool.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include <signal.h>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class SizeContract : public ::testing::TestWithParam<base::StartMethod> {
protected:
    static config::PoolConfig between(std::uint32_t min, std::uint32_t max) {
        config::PoolConfig config;
        config.processes = {min, max, 20ms, false};
        return config;
    }
    static std::map<std::int32_t, pid_t> pids_by_rank(RunningPool& pool) {
        std::map<std::int32_t, pid_t> pids;
        for (const pool::Worker* worker : pool->workers()) pids[worker->index()] = worker->pid();
        return pids;
    }
    static std::vector<std::int32_t> ranks(RunningPool& pool) {
        std::vector<std::int32_t> all;
        for (const auto& [rank, pid] : pids_by_rank(pool)) all.push_back(rank);
        return all;
    }
};

INSTANTIATE_TEST_SUITE_P(StartMethods, SizeContract, ::testing::ValuesIn(base::all_start_methods),
                         [](const auto& method) { return std::string(base::name_of(method.param)); });

TEST_P(SizeContract, GrowsWithWaitingCallsAndShrinksWhenIdle) {
    RunningPool pool(GetParam(), {"slow"}, between(1, 3));
    pool.wait_until([&] { return pool->working() == 1; });
    std::vector<std::uint64_t> calls;
    for (int i = 0; i < 3; ++i) calls.push_back(pool.submit("slow.until_cancelled", "[]"));
    pool.wait_until([&] { return pool->working() == 3; });
    EXPECT_THAT(ranks(pool), ElementsAre(0, 1, 2));
    for (const std::uint64_t call : calls) pool->cancel(pool.id_of(call));
    pool.wait_for_all();
    pool.wait_until([&] { return pool->workers().size() == 1 && pool->working() == 1; });
    EXPECT_EQ(pool.call("poolhost.ping", "[]").value, "\"pong\"");
}

TEST_P(SizeContract, NeverExceedsItsMaximum) {
    RunningPool pool(GetParam(), {"slow"}, between(0, 2));
    for (int i = 0; i < 200; ++i) pool.submit("slow.sleep", "[0.001]");
    std::size_t most = 0;
    pool.wait_until([&] {
        most = std::max(most, pool->workers().size());
        return pool.seen().size() == 200;
    });
    EXPECT_EQ(most, 2U);
    for (const auto& [tag, seen] : pool.seen()) EXPECT_LT(seen.worker->index, 2);
}

TEST_P(SizeContract, ANewWorkerHasTheRankOfTheDeadOne) {
    RunningPool pool(GetParam(), {"echo"}, between(3, 3));
    pool.wait_until([&] { return pool->working() == 3; });
    const auto before = pids_by_rank(pool);
    ::kill(before.at(1), SIGKILL);
    pool.wait_until([&] {
        const auto now = pids_by_rank(pool);
        return pool->working() == 3 && now.contains(1) && now.at(1) != before.at(1);
    });
    const auto after = pids_by_rank(pool);
    EXPECT_THAT(after, SizeIs(3));
    EXPECT_EQ(after.at(0), before.at(0));
    EXPECT_EQ(after.at(2), before.at(2));
}

TEST_P(SizeContract, RanksStayWithinTheMaximumWhateverDies) {
    config::PoolConfig config = between(1, 3);
    config.quarantine = 0;
    RunningPool pool(GetParam(), {"crash"}, config);
    for (int i = 0; i < 30; ++i) pool.submit("crash.unless", "[1, 1]");
    pool.wait_for_all();
    for (const auto& [tag, seen] : pool.seen()) {
        ASSERT_EQ(seen.kind(), "worker_lost") << seen.message();
        EXPECT_GE(seen.worker->index, 0);
        EXPECT_LT(seen.worker->index, 3);
    }
}

TEST_P(SizeContract, AListInTheEnvironmentGoesByRank) {
    config::PoolConfig config = between(3, 3);
    config.env = {{"DEVICE", {"red", "green", "blue"}, true}};
    RunningPool pool(GetParam(), {"surroundings", "slow", "crash"}, config);
    const std::vector<std::string> expected{"\"red\"", "\"green\"", "\"blue\""};
    for (int round = 0; round < 2; ++round) {
        pool.wait_until([&] { return pool->working() == 3; });
        std::map<std::int32_t, std::string> devices;
        while (devices.size() < 3) {
            // Others are kept busy, so that each rank has its turn.
            for (int i = 0; i < 2; ++i) pool.submit("slow.sleep", "[0.005]");
            const Seen seen = pool.call("surroundings.environment", R"(["DEVICE"])");
            devices[seen.worker->index] = seen.value;
        }
        for (const auto& [rank, device] : devices) EXPECT_EQ(device, expected[static_cast<std::size_t>(rank)]);
        pool.wait_for_all();
        for (int i = 0; i < 3; ++i) pool.submit("crash.abort", "[]");
        pool.wait_for_all();
    }
}

}  // namespace
}  // namespace poolhost::test
