// SPDX-License-Identifier: Apache-2.0
// What workers write and log, as the pool's listener hears it, under every start method.
#include "contract/pool/running_pool.hpp"

#include <gmock/gmock.h>

#include <signal.h>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;
using Stream = pool::WorkerLine::Stream;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;

class OutputContract : public ::testing::TestWithParam<base::StartMethod> {};

INSTANTIATE_TEST_SUITE_P(StartMethods, OutputContract, ::testing::ValuesIn(base::all_start_methods),
                         [](const auto& method) { return std::string(base::name_of(method.param)); });

config::PoolConfig one_worker() {
    config::PoolConfig config;
    config.processes = {1, 1, 30s, false};
    return config;
}

auto said(std::string_view text) { return Field(&Heard::text, std::string(text)); }
auto on(Stream stream) { return Field(&Heard::stream, stream); }

TEST_P(OutputContract, ALineNamesItsWorkerItsCallAndItsTask) {
    RunningPool pool(GetParam(), {"chatter", "echo"}, one_worker());
    pool.call("echo.int64", "[1]");
    const std::uint64_t tag = pool.submit("chatter.numbered", "[100, 1000]");
    const Seen seen = pool.wait_for(tag);
    ASSERT_EQ(pool.heard().size(), 100U) << "all of it is there when the outcome is";
    EXPECT_THAT(pool.heard(),
                Each(AllOf(on(Stream::output), Field(&Heard::index, 0), Field(&Heard::pid, seen.worker->pid),
                           Field(&Heard::task, "chatter.numbered"), Field(&Heard::call, pool.id_of(tag)))));
}

TEST_P(OutputContract, ALogLineNamesItsWorkerItsCallAndItsTask) {
    RunningPool pool(GetParam(), {"chatter"}, one_worker());
    const std::uint64_t tag = pool.submit("chatter.log", R"(["careful"])");
    pool.wait_for(tag);
    EXPECT_THAT(pool.heard(), Contains(AllOf(said("careful"), on(Stream::log), Field(&Heard::task, "chatter.log"),
                                             Field(&Heard::call, pool.id_of(tag)))));
}

TEST_P(OutputContract, LastWordsBelongToTheCallThatDied) {
    RunningPool pool(GetParam(), {"chatter"}, one_worker());
    const std::uint64_t tag = pool.submit("chatter.last_words", "[]");
    const Seen lost = pool.wait_for(tag);
    ASSERT_NE(lost.details<wire::WorkerLost>(), nullptr) << lost.message();
    EXPECT_THAT(lost.details<wire::WorkerLost>()->errors, Contains("words"));
    for (const Stream stream : {Stream::output, Stream::errors}) {
        EXPECT_THAT(pool.heard(), Contains(AllOf(on(stream), said(stream == Stream::output ? "the last" : "words"),
                                                 Field(&Heard::call, pool.id_of(tag)))));
    }
}

TEST_P(OutputContract, AnUnfinishedLineComesBeforeItsWorkersEnd) {
    RunningPool pool(GetParam(), {"chatter", "slow"}, one_worker());
    pool.call("chatter.unfinished", "[]");
    pool.call("slow.sleep", "[0.01]");
    EXPECT_THAT(pool.heard(), Contains(AllOf(on(Stream::errors), said("a line without an end"))));
    EXPECT_THAT(pool.heard(), Contains(AllOf(on(Stream::output), said("another one"))));
}

TEST_P(OutputContract, AGrandchildThatHoldsThePipeHoldsNothingUp) {
    RunningPool pool(GetParam(), {"chatter", "crash", "echo"}, one_worker());
    const pid_t grandchild = std::stoi(pool.call("chatter.grandchild_talks", "[]").value);
    EXPECT_EQ(pool.call("crash.abort", "[]").kind(), "worker_lost");
    EXPECT_EQ(pool.call("echo.int64", "[1]").value, "1");
    pool.stop(pool::Pool::Stop::drain);
    ::kill(grandchild, SIGKILL);
}

TEST_P(OutputContract, AFloodReachesTheListenerWhole) {
    RunningPool pool(GetParam(), {"chatter", "echo"});
    const std::uint64_t flood = pool.submit("chatter.numbered", "[20000, 100]");
    for (int i = 0; i < 100; ++i) EXPECT_EQ(pool.call("echo.int64", "[1]").value, "1");
    EXPECT_EQ(pool.wait_for(flood).kind(), "value");
    EXPECT_EQ(pool.heard().size(), 20'000U);
}

TEST_P(OutputContract, LongLinesComeInPieces) {
    RunningPool pool(GetParam(), {"chatter"}, one_worker());
    pool.call("chatter.one_long_line", "[100000]");
    std::size_t size = 0;
    pool.wait_until([&] {
        size = 0;
        for (const Heard& heard : pool.heard()) size += heard.text.size();
        return size >= 100'000;
    });
    EXPECT_EQ(size, 100'000U);
}

TEST_P(OutputContract, TheCauseOfManyDeathsAtStartIsSaidOnce) {
    RunningPool pool(GetParam(), {"start_fails"});
    EXPECT_EQ(pool.call("poolhost.ping", "[]").kind(), "pool_unavailable");
    std::size_t said = 0;
    for (const std::string& line : pool.lines()) said += line.starts_with("worker ") ? 1 : 0;
    EXPECT_EQ(said, 1U);
    EXPECT_THAT(pool.lines(), Contains(HasSubstr("no model found")));
}

}  // namespace
}  // namespace poolhost::test
