// SPDX-License-Identifier: Apache-2.0
// The plugin math, as a caller sees it.
#include "unit/sdk/fake_call.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace poolhost::test {
namespace {

std::string failure(const Outcome& outcome) { return outcome.failure ? outcome.failure->message : "no failure"; }

TEST(Math, DoesArithmetic) {
    EXPECT_EQ(run("square", {-7}).value(), 49);
    EXPECT_EQ(run("add", {1, 2.5}).value(), 3.5);
    EXPECT_EQ(run("divide", {7, -2}).value(), -3);
    EXPECT_EQ(run("fibonacci", {10}).value(), 55);
    EXPECT_EQ(run("fibonacci", {93}).value(), 12200160415121876738U);
}

TEST(Math, WorksOnManyNumbers) {
    EXPECT_EQ(run("sum", json::array({{1, 2, 3.5}})).value(), 6.5);
    EXPECT_EQ(run("mean", json::array({{1, 2, 6}})).value(), 3.0);
    EXPECT_EQ(run("norm", json::array({{{3, 0}, {0, 4}}})).value(), 5.0);
}

TEST(Math, FailsInWords) {
    EXPECT_EQ(failure(run("square", {INT64_MAX})), "the square is beyond 64 bits");
    EXPECT_EQ(failure(run("divide", {1, 0})), "division by zero");
    EXPECT_EQ(failure(run("divide", {INT64_MIN, -1})), "the quotient is beyond 64 bits");
    EXPECT_EQ(failure(run("mean", json::array({json::array()}))), "no values, no mean");
    EXPECT_EQ(run("fibonacci", {94}).failure->code, 94);
}

TEST(Math, CountsPrimesAndSaysHowFarItIs) {
    const Outcome outcome = run("count_primes", {0, 10000});
    EXPECT_EQ(outcome.value(), 1229);
    ASSERT_FALSE(outcome.progress.empty());
    EXPECT_EQ(outcome.progress.back().first, 1.0);
    EXPECT_EQ(run("count_primes", {10, 5}).value(), 0);
}

TEST(Math, StopsCountingOnceCancelled) {
    FakeCall call;
    call.cancelled = true;
    EXPECT_EQ(call.run(task_named("count_primes").run, json::to_msgpack(json{0, UINT64_MAX})).value(), 0);
}

TEST(Math, ReturnsSquaresInSharedMemory) {
    EXPECT_EQ(run("squares", {4}).value(),
              buffer_reference(POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_FLOAT64, {4}, 1000, 0, 32));
}

}  // namespace
}  // namespace poolhost::test
