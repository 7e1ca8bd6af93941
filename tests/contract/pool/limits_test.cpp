// SPDX-License-Identifier: Apache-2.0
// What a pool's `limits`, `nice` and `cpu_affinity` do to its workers, under every start method.
#include "contract/pool/running_pool.hpp"

#include "config/cpus.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <sys/resource.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;
using ::testing::AnyOf;
using ::testing::HasSubstr;

// The sanitizers' shadows take terabytes, and their handlers catch what would be a signal.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

class LimitsContract : public ::testing::TestWithParam<base::StartMethod> {
protected:
    static config::PoolConfig one_worker() {
        config::PoolConfig config;
        config.processes = {1, 1, 30s, false};
        return config;
    }
    RunningPool pool_with(const config::Limits& limits) {
        config::PoolConfig config = one_worker();
        config.limits = limits;
        return {GetParam(), {"greedy", "slow", "crash"}, config};
    }
    static void expect_serving(RunningPool& pool) { EXPECT_EQ(pool.call("poolhost.ping", "[]").value, "\"pong\""); }
};

INSTANTIATE_TEST_SUITE_P(StartMethods, LimitsContract, ::testing::ValuesIn(base::all_start_methods),
                         [](const auto& method) { return std::string(base::name_of(method.param)); });

TEST_P(LimitsContract, MemoryEndsInBadAlloc) {
    if (sanitized) GTEST_SKIP() << "memory cannot be limited under a sanitizer";
    RunningPool pool = pool_with({.memory = base::mebibytes(256)});
    for (int i = 0; i < 3; ++i) {
        const Seen seen = pool.call("greedy.eat_memory", "[]");
        ASSERT_NE(seen.details<wire::TaskError>(), nullptr) << seen.message();
        EXPECT_EQ(seen.details<wire::TaskError>()->type, "std::bad_alloc");
    }
    EXPECT_EQ(pool.call("greedy.take", "[67108864]").kind(), "value") << "what failed has given its memory back";
}

TEST_P(LimitsContract, ACrashForWantOfMemoryIsBlamedOnTheLimit) {
    if (sanitized) GTEST_SKIP() << "memory cannot be limited under a sanitizer";
    RunningPool pool = pool_with({.memory = base::mebibytes(256)});
    const Seen lost = pool.call("greedy.eat_carelessly", "[]");
    ASSERT_NE(lost.details<wire::WorkerLost>(), nullptr) << lost.message();
    EXPECT_EQ(lost.details<wire::WorkerLost>()->cause, wire::LossCause::limit);
    EXPECT_EQ(lost.details<wire::WorkerLost>()->signal, "SIGSEGV");
    expect_serving(pool);
    const Seen crash = pool.call("crash.abort", "[]");
    ASSERT_NE(crash.details<wire::WorkerLost>(), nullptr) << crash.message();
    EXPECT_EQ(crash.details<wire::WorkerLost>()->cause, wire::LossCause::crash) << "it took no memory";
}

TEST_P(LimitsContract, CpuSecondsEndACall) {
    RunningPool pool = pool_with({.cpu_seconds = 1s});
    const Seen lost = pool.call("slow.work", "[100]");
    ASSERT_NE(lost.details<wire::WorkerLost>(), nullptr) << lost.message();
    EXPECT_EQ(lost.details<wire::WorkerLost>()->cause, wire::LossCause::limit);
    EXPECT_EQ(lost.details<wire::WorkerLost>()->signal, "SIGXCPU");
    expect_serving(pool);
}

TEST_P(LimitsContract, CpuSecondsAreEachCallsOwn) {
    RunningPool pool = pool_with({.cpu_seconds = 1s});
    pid_t worker = 0;
    for (int i = 0; i < 10; ++i) {
        const Seen seen = pool.call("slow.work", "[0.25]");
        ASSERT_EQ(seen.kind(), "value") << "call " << i << ": " << seen.message();
        if (i == 0) worker = seen.worker->pid;
        EXPECT_EQ(seen.worker->pid, worker);
    }
}

TEST_P(LimitsContract, OpenFilesEndInEmfile) {
    RunningPool pool = pool_with({.open_files = 100});
    EXPECT_THAT(pool.call("greedy.open_files", "[]").value, HasSubstr(" EMFILE"));
    const int count = std::stoi(pool.call("greedy.open_files", "[]").value.substr(1));
    EXPECT_GT(count, 50);
    EXPECT_LT(count, 100);
}

TEST_P(LimitsContract, StackBoundsRecursion) {
    if (sanitized) GTEST_SKIP() << "a sanitizer's frames are larger";
    RunningPool narrow = pool_with({.stack = base::kibibytes(512)});
    EXPECT_EQ(narrow.call("greedy.descend", "[262144]").kind(), "value");
    const Seen lost = narrow.call("greedy.descend", "[1048576]");
    ASSERT_NE(lost.details<wire::WorkerLost>(), nullptr) << lost.message();
    EXPECT_EQ(lost.details<wire::WorkerLost>()->signal, "SIGSEGV");
    expect_serving(narrow);
    rlimit now{};
    ::getrlimit(RLIMIT_STACK, &now);
    const bool may_be_raised = now.rlim_max == RLIM_INFINITY || now.rlim_max >= (32U << 20U);
    if (!may_be_raised) return;
    RunningPool wide = pool_with({.stack = base::mebibytes(32)});
    EXPECT_EQ(wide.call("greedy.descend", "[25165824]").kind(), "value");
}

TEST_P(LimitsContract, NoCoreLeavesNoFile) {
    std::string name = (std::filesystem::temp_directory_path() / "poolhost-core-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    config::PoolConfig config = one_worker();
    config.limits.core = base::Bytes{0};
    config.working_directory = name;
    RunningPool pool(GetParam(), {"crash"}, config);
    const Seen lost = pool.call("crash.abort", "[]");
    EXPECT_EQ(lost.kind(), "worker_lost") << lost.message();
    EXPECT_TRUE(std::filesystem::is_empty(name));
    std::filesystem::remove_all(name);
}

TEST_P(LimitsContract, NiceIsAddedToTheHosts) {
    config::PoolConfig config = one_worker();
    config.nice = 3;
    RunningPool pool(GetParam(), {"surroundings"}, config);
    EXPECT_EQ(pool.call("surroundings.niceness", "[]").value, std::to_string(::getpriority(PRIO_PROCESS, 0) + 3));
}

std::string cpus_of(RunningPool& pool) {
    const std::string info = pool.call("poolhost.worker_info", "[]").value;
    const std::size_t begin = info.find("\"cpu_affinity\":[");
    return info.substr(begin + 15, info.find(']', begin) - begin - 14);
}

TEST_P(LimitsContract, AffinityIsTheList) {
    config::PoolConfig config = one_worker();
    const std::uint32_t last = config::allowed_cpus().back();
    config.cpu_affinity = {config::CpuAffinity::Kind::list, {last}};
    RunningPool pool(GetParam(), {}, config);
    EXPECT_EQ(cpus_of(pool), "[" + std::to_string(last) + "]");
}

TEST_P(LimitsContract, AffinitySpreadsByRank) {
    const auto cpus = config::allowed_cpus();
    config::PoolConfig config;
    config.processes = {static_cast<std::uint32_t>(cpus.size()) + 1, static_cast<std::uint32_t>(cpus.size()) + 1, 30s,
                        false};
    config.cpu_affinity.kind = config::CpuAffinity::Kind::spread;
    RunningPool pool(GetParam(), {"slow"}, config);
    pool.wait_until([&] { return pool->working() == config.processes.max; });
    // Every worker is kept busy, so that each gets one of the calls.
    std::set<std::int32_t> ranks;
    while (ranks.size() < config.processes.max) {
        const std::uint64_t busy = pool.submit("slow.sleep", "[0.01]");
        const Seen info = pool.call("poolhost.worker_info", "[]");
        const std::int32_t rank = info.worker->index;
        const std::uint32_t cpu = cpus[static_cast<std::size_t>(rank) % cpus.size()];
        EXPECT_THAT(info.value, HasSubstr("\"cpu_affinity\":[" + std::to_string(cpu) + "]"));
        ranks.insert(rank);
        for (std::size_t i = 0; i < ranks.size(); ++i) pool.submit("slow.sleep", "[0.01]");
        pool.wait_for(busy);
    }
}

TEST_P(LimitsContract, WorkersGoBeforeTheirHostWhenMemoryRunsOut) {
    RunningPool pool(GetParam(), {"greedy"}, one_worker());
    std::string own;
    std::getline(std::ifstream("/proc/self/oom_score_adj"), own);
    EXPECT_EQ(pool.call("greedy.own_file", R"(["oom_score_adj"])").value,
              '"' + std::to_string(std::min(std::stoi(own) + 500, 1000)) + '"');
}

}  // namespace
}  // namespace poolhost::test
