// SPDX-License-Identifier: Apache-2.0
// What a worker leaves of its stack when it dies, and gives of it when it is asked.
#include "contract/worker/running_worker.hpp"

#include <signal.h>

namespace poolhost::test {
namespace {

class Stack : public RunningWorker {};
POOLHOST_FOR_EVERY_BIRTH(Stack);

TEST_P(Stack, IsLeftByACallThatDies) {
    HostEnd& host = start({test_plugin("crash")});
    const std::uint32_t sequence = host.submit("crash.abort", {{.bytes = "[]"}});
    EXPECT_EQ(host.reap(), -SIGABRT);
    const auto sample = channel::read_stack(host.channel().stack_area());
    ASSERT_TRUE(sample);
    EXPECT_EQ(sample->signal, SIGABRT);
    EXPECT_EQ(sample->call, channel::call_number(sequence, 0));
    EXPECT_EQ(sample->thread, host.pid());
    EXPECT_GT(sample->stack.size(), 1000U);
    EXPECT_NE(sample->maps.find("libcrash.so"), std::string::npos);
    EXPECT_GT(sample->data_size, 0U);
}

TEST_P(Stack, IsNotLeftByAnOrderlyEnd) {
    HostEnd& host = start({test_plugin("echo")});
    EXPECT_EQ(host.json("echo.int64", "[1]"), "1");
    EXPECT_EQ(host.stop(), 0);
    EXPECT_FALSE(channel::read_stack(host.channel().stack_area()));
}

}  // namespace
}  // namespace poolhost::test
