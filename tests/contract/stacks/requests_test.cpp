// SPDX-License-Identifier: Apache-2.0
// What a worker gives of its stack while it runs, and that its task does not notice, under every start method.
#include "contract/stacks/victim.hpp"

#include <gmock/gmock.h>

#include <signal.h>

namespace poolhost::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

class Requests : public Stacks {
protected:
    Victim victim_{GetParam()};
};
POOLHOST_FOR_EVERY_START_METHOD(Requests);

TEST_P(Requests, ReachATaskThatSpins) {
    victim_.begin_and_wait("lingers.spin");
    for (int i = 0; i < 3; ++i) {
        const auto sample = victim_.request();
        ASSERT_TRUE(sample);
        EXPECT_EQ(sample->signal, channel::stack_signal());
        EXPECT_EQ(sample->call, channel::call_number(1, 0));
        EXPECT_THAT(victim_.name(*sample), Contains(StartsWith("lingers::spin(poolhost::context&) at lingers.cpp:")));
    }
    victim_.cancel();
    EXPECT_EQ(victim_.result(), "1");
}

TEST_P(Requests, LeaveATaskAsleep) {
    victim_.begin_and_wait("lingers.sleep", "[0.3]");
    const auto sample = victim_.request();
    ASSERT_TRUE(sample);
    EXPECT_THAT(victim_.name(*sample),
                Contains(StartsWith("lingers::sleep_well(poolhost::context&, double) at lingers.cpp:")));
    EXPECT_EQ(victim_.result(), "true");
}

TEST_P(Requests, ReachAWorkerThatIsIdle) {
    const auto sample = victim_.request();
    ASSERT_TRUE(sample);
    EXPECT_EQ(sample->call, 0U);
    EXPECT_THAT(victim_.name(*sample), Contains(HasSubstr("poolhost::worker::run_worker(")));
    victim_.begin("lingers.sleep", "[0]");
    EXPECT_EQ(victim_.result(), "true");
}

// The handler runs before anything else does, once it is let go on.
TEST_P(Requests, ReachAWorkerThatIsStopped) {
    victim_.begin("lingers.stop");
    victim_.wait_for_stop();
    victim_.kill(channel::stack_signal());
    EXPECT_FALSE(victim_.sample());
    victim_.kill(SIGCONT);
    const auto sample = victim_.wait_for_sample();
    ASSERT_TRUE(sample);
    EXPECT_THAT(victim_.name(*sample), Contains(StartsWith("lingers::stop() at lingers.cpp:")));
    EXPECT_EQ(victim_.result(), "2");
}

TEST_P(Requests, DoNotReachATaskThatBlocksEverySignal) {
    victim_.begin_and_wait("lingers.spin_deaf");
    victim_.kill(channel::stack_signal());
    victim_.cancel();
    EXPECT_EQ(victim_.result(), "1");
    EXPECT_FALSE(victim_.sample());
}

TEST_P(Requests, ThatAnotherThreadHearsAreForTheTask) {
    victim_.begin_and_wait("lingers.listen_with_thread");
    victim_.kill(channel::stack_signal());
    victim_.cancel();
    EXPECT_EQ(victim_.result(), "3");
    const auto sample = victim_.sample();
    ASSERT_TRUE(sample);
    EXPECT_EQ(sample->thread, victim_.pid());
    EXPECT_THAT(victim_.name(*sample), Contains(HasSubstr("lingers::listen_with_thread(poolhost::context&)")));
}

// Whoever asks over and over harms nobody either.
TEST_P(Requests, MayComeAtAnyMoment) {
    for (int i = 0; i < 200; ++i) {
        victim_.begin("lingers.sleep", "[0.0001]");
        for (int j = 0; j < 5; ++j) victim_.kill(channel::stack_signal());
        EXPECT_EQ(victim_.result(), "true");
    }
    EXPECT_TRUE(victim_.request());
}

}  // namespace
}  // namespace poolhost::test
