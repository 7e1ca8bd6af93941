// SPDX-License-Identifier: Apache-2.0
// A test over every birth of a worker: one that has said Ready.
#pragma once

#include "contract/worker/host_end.hpp"

namespace poolhost::test {

class RunningWorker : public testing::TestWithParam<Birth> {
protected:
    HostEnd& start(std::vector<std::string> plugins) { return start_as(describe(std::move(plugins))); }
    HostEnd& start_as(const wire::WorkerDescription& description) {
        host_.emplace(GetParam(), description);
        host_->expect_ready();
        return *host_;
    }

private:
    std::optional<HostEnd> host_;
};

#define POOLHOST_FOR_EVERY_BIRTH(SUITE)                            \
    INSTANTIATE_TEST_SUITE_P(                                      \
        Births, SUITE, testing::Values(Birth::spawn, Birth::fork), \
        [](const testing::TestParamInfo<Birth>& each) { return each.param == Birth::spawn ? "spawn" : "fork"; })

}  // namespace poolhost::test
