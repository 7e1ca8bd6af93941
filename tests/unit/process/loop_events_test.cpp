// SPDX-License-Identifier: Apache-2.0
// What waits on the loop may be destroyed at any moment, from within its own call too.
#include "base/fd.hpp"
#include "process/deadline.hpp"
#include "process/readiness.hpp"
#include "process/signal_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include <signal.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

using namespace std::chrono_literals;

class LoopEvents : public testing::Test {
protected:
    void write_byte() { ASSERT_EQ(::write(pipe.second.get(), "x", 1), 1); }
    Readiness watch(std::function<Next()> call) { return *Readiness::watch(loop, pipe.first.get(), std::move(call)); }

    boost::asio::io_context loop;
    base::FdPair pipe = *base::make_pipe();
    int calls = 0;
};

TEST_F(LoopEvents, ReadinessCallsAsLongAsItIsAskedToAndThereIsSomething) {
    const auto readiness = watch([&] { return ++calls < 3 ? Next::wait_again : Next::stop; });
    write_byte();
    loop.run();
    EXPECT_EQ(calls, 3);
}

TEST_F(LoopEvents, ReadinessMayBeDestroyedWithinItsCall) {
    std::optional<Readiness> readiness;
    readiness.emplace(watch([&] {
        ++calls;
        readiness.reset();
        return Next::wait_again;
    }));
    write_byte();
    loop.run();
    EXPECT_EQ(calls, 1);
}

TEST_F(LoopEvents, ReadinessDestroyedBeforehandDoesNotCallAndLeavesTheDescriptorOpen) {
    {
        const auto readiness = watch([&] {
            ++calls;
            return Next::stop;
        });
        write_byte();
    }
    loop.run();
    EXPECT_EQ(calls, 0);
    char byte = 0;
    EXPECT_EQ(::read(pipe.first.get(), &byte, 1), 1);
}

TEST_F(LoopEvents, DeadlineCallsOnce) {
    const Deadline deadline(loop, 0ns, [&] { ++calls; });
    loop.run();
    EXPECT_EQ(calls, 1);
}

TEST_F(LoopEvents, DeadlineDestroyedInTheTurnInWhichItPassesDoesNotCall) {
    auto deadline = std::make_unique<Deadline>(loop, 0ns, [&] { ++calls; });
    boost::asio::post(loop, [&] { deadline.reset(); });
    loop.run();
    EXPECT_EQ(calls, 0);
}

TEST_F(LoopEvents, SignalsBecomeEvents) {
    std::vector<int> seen;
    std::optional<SignalSource> source;
    source = *SignalSource::start(loop, std::array{SIGUSR1, SIGUSR2}, [&](int signal) {
        seen.push_back(signal);
        if (seen.size() == 2) source.reset();
    });
    ::raise(SIGUSR1);
    ::raise(SIGUSR2);
    loop.run();
    EXPECT_THAT(seen, testing::ElementsAre(SIGUSR1, SIGUSR2));
}

}  // namespace
}  // namespace poolhost::process
