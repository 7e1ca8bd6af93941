// SPDX-License-Identifier: Apache-2.0
// The plugin in C behaves as one of the SDK would.
#include "unit/sdk/fake_call.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace poolhost::test {
namespace {

TEST(PlainC, AddsByPositionAndByName) {
    EXPECT_EQ(run("add", {2, 40}).value(), 42);
    EXPECT_EQ(run("add", {-200000, 1}).value(), -199999);
    EXPECT_EQ(run("add", {{"b", 1}, {"a", INT64_MIN}}).value(), INT64_MIN + 1);
}

TEST(PlainC, RefusesWhatItCannotAdd) {
    EXPECT_EQ(run("add", {1, "2"}).fault(), "argument 2 'b': expected int64");
    EXPECT_EQ(run("add", {UINT64_MAX, 2}).fault(), "argument 1 'a': expected int64");
    EXPECT_EQ(run("add", {1}).fault(), "expected 2 arguments (a, b)");
    EXPECT_EQ(run("add", {{"a", 1}, {"c", 2}}).fault(), "expected 2 arguments (a, b)");
    EXPECT_EQ(run_raw("add", {0x82, 0xa1, 'a', 1, 0xa1, 'a', 2}).fault(), "expected 2 arguments (a, b)");
}

TEST(PlainC, FailsWhereTheSumIsTooLarge) {
    const Outcome outcome = run("add", {INT64_MAX, 1});
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->message, "the sum is beyond 64 bits");
}

TEST(PlainC, ReversesCharacters) {
    EXPECT_EQ(run("reverse", {"aö世🌍"}).value(), "🌍世öa");
    EXPECT_EQ(run("reverse", {""}).value(), "");
    EXPECT_EQ(run("reverse", {std::string(70000, 'x')}).value(), std::string(70000, 'x'));
    EXPECT_EQ(run("reverse", {7}).fault(), "argument 1 'text': expected string");
}

TEST(PlainC, ChecksumsBytesWhereverTheyLie) {
    EXPECT_EQ(run("checksum", json::array({json::binary({'a'})})).value(), 0xaf63dc4c8601ec8cU);
    FakeCall call;
    std::memcpy(call.add_buffer(5, 100).data() + 3, "a", 1);
    const auto sum = [&call](const json& argument) {
        return call.run(task_named("checksum").run, json::to_msgpack(json::array({argument})));
    };
    EXPECT_EQ(sum(buffer_reference(POOLHOST_BUFFER_BYTES, 0, {}, 5, 3, 1)).value(), 0xaf63dc4c8601ec8cU);
    EXPECT_EQ(sum(buffer_reference(POOLHOST_BUFFER_BYTES, 0, {}, 5, 3, 98)).fault(),
              "argument 1 'data': expected bytes");
    EXPECT_EQ(sum(buffer_reference(POOLHOST_BUFFER_BYTES, 0, {}, 6, 0, 1)).fault(),
              "argument 1 'data': expected bytes");
}

TEST(PlainC, RefusesStreamsThatAreCutOff) {
    const Octets whole = json::to_msgpack(json::array({std::string(300, 'x')}));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_TRUE(run_raw("reverse", cut).bad_argument);
    }
    for (const Octets& lie : {Octets{0x91, 0xdd, 255, 255, 255, 255}, Octets{0x91, 0xc9, 255, 255, 255, 255, 2}}) {
        EXPECT_TRUE(run_raw("checksum", lie).bad_argument);
    }
}

}  // namespace
}  // namespace poolhost::test
