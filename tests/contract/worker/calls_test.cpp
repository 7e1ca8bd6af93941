// SPDX-License-Identifier: Apache-2.0
// What a worker owes its host for each call, however it was born.
#include "contract/worker/host_end.hpp"

namespace poolhost::test {
namespace {

class Calls : public testing::TestWithParam<Birth> {
protected:
    HostEnd& start(std::vector<std::string> plugins) {
        host_.emplace(GetParam(), describe(std::move(plugins)));
        host_->expect_ready();
        return *host_;
    }

private:
    std::optional<HostEnd> host_;
};

INSTANTIATE_TEST_SUITE_P(Births, Calls, testing::Values(Birth::spawn, Birth::fork),
                         [](const auto& each) { return each.param == Birth::spawn ? "spawn" : "fork"; });

TEST_P(Calls, APluginsTaskIsRun) {
    HostEnd& host = start({own_plugin("math")});
    EXPECT_EQ(host.json("math.square", "[7]"), "49");
    EXPECT_EQ(host.stop(), 0);
}

}  // namespace
}  // namespace poolhost::test
