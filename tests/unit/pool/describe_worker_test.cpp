// SPDX-License-Identifier: Apache-2.0
#include "pool/describe_worker.hpp"

#include <gtest/gtest.h>

namespace poolhost::pool {
namespace {

config::PoolConfig with_environment() {
    config::PoolConfig config;
    config.name = "thumbs";
    config.start_method = base::StartMethod::spawn;
    config.env = {{"SAME", {"1"}, false}, {"RANK", {"{index}"}, false}};
    return config;
}

TEST(DescribeWorker, EachRankHasItsValues) {
    const auto description = describe_worker(with_environment(), {}, 3);
    EXPECT_EQ(description.worker_index, 3);
    EXPECT_EQ(description.start_method, "spawn");
    ASSERT_EQ(description.environment.size(), 2U);
    EXPECT_EQ(description.environment[1].second, "3");
}

TEST(DescribeWorker, TheTemplateHasNoRank) {
    const auto description = describe_template(with_environment(), {});
    EXPECT_EQ(description.worker_index, -1);
    ASSERT_EQ(description.environment.size(), 1U);
    EXPECT_EQ(description.environment[0].first, "SAME");
}

TEST(DescribeWorker, SpreadGivesEachRankOneCpu) {
    config::PoolConfig config = with_environment();
    config.cpu_affinity.kind = config::CpuAffinity::Kind::spread;
    EXPECT_EQ(describe_worker(config, {}, 0).cpu_affinity.size(), 1U);
}

}  // namespace
}  // namespace poolhost::pool
