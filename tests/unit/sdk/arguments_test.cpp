// SPDX-License-Identifier: Apache-2.0
// Arguments by position and by name, left out, too many, cut off and hostile.
#include "unit/sdk/fake_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolhost::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

BadArgument bad(const Outcome& outcome) {
    EXPECT_EQ(outcome.status, POOLHOST_FAILED);
    return outcome.bad_argument.value_or(BadArgument{});
}

TEST(Arguments, AreTakenByPosition) { EXPECT_EQ(run("resize", {"i", 7}).value(), "i7"); }

TEST(Arguments, AreTakenByNameInAnyOrder) { EXPECT_EQ(run("resize", {{"width", 7}, {"image", "i"}}).value(), "i7"); }

TEST(Arguments, MayBeLeftOutAtTheEndWhereOptional) {
    EXPECT_EQ(run("join", {"a", "b"}).value(), "a|b|-|-");
    EXPECT_EQ(run("join", {"a", "b", "c"}).value(), "a|b|c|-");
    EXPECT_EQ(run("join", {"a", "b", nullptr, 4}).value(), "a|b|-|4");
    EXPECT_EQ(run("join", {{"first", "a"}, {"second", "b"}, {"fourth", 4}}).value(), "a|b|-|4");
}

TEST(Arguments, OfAWrongTypeAreNamedWithTheirPosition) {
    const BadArgument fault = bad(run("resize", {"i", "wide"}));
    EXPECT_EQ(fault.message, "argument 2 'width': expected int32, got string");
    EXPECT_EQ(fault.argument, 2U);
    EXPECT_EQ(fault.name, "width");
    EXPECT_EQ(fault.expected, "int32");
    EXPECT_EQ(fault.got, "string");
}

TEST(Arguments, GivenByNameHaveTheSameFaults) {
    EXPECT_EQ(bad(run("resize", {{"width", "wide"}, {"image", "i"}})).message,
              "argument 2 'width': expected int32, got string");
}

TEST(Arguments, WithAFaultDeepInsideSayWhere) {
    const BadArgument fault = bad(run("points", json::array({{{{"x", 1}, {"y", 2}}, {{"x", "far"}, {"y", 2}}}})));
    EXPECT_EQ(fault.message, "argument 1 'points[1].x': expected float64, got string");
    EXPECT_EQ(fault.name, "points");
}

TEST(Arguments, OfAWrongNumberAreCountedWithTheNames) {
    EXPECT_EQ(bad(run("resize", {"i", 1, 2})).message, "expected 2 arguments (image, width), got 3");
    EXPECT_EQ(bad(run("resize", json::array())).message, "expected 2 arguments (image, width), got 0");
    EXPECT_EQ(bad(run("join", {"a"})).message, "expected 2 to 4 arguments (first, second, third, fourth), got 1");
    EXPECT_EQ(bad(run("nothing", {1})).message, "expected no arguments, got 1");
    EXPECT_EQ(bad(run("points", json::array())).message, "expected 1 argument (points), got 0");
    EXPECT_EQ(bad(run("resize", {"i", 1, 2})).argument, 0U);
}

TEST(Arguments, OfUnknownOrMissingNamesAreNamed) {
    EXPECT_EQ(bad(run("resize", {{"image", "i"}, {"height", 1}})).message,
              "unknown argument 'height', expected image, width");
    EXPECT_EQ(bad(run("resize", {{"image", "i"}, {"height", 1}})).name, "height");
    EXPECT_EQ(bad(run("resize", {{"image", "i"}})).message, "argument 2 'width': is missing");
    EXPECT_EQ(bad(run("resize", {{"image", "i"}})).argument, 2U);
    EXPECT_EQ(bad(run("nothing", {{"x", 1}})).message, "unknown argument 'x', expected no arguments");
}

TEST(Arguments, GivenTwiceAreRefused) {
    const Octets twice = {0x82, 0xa6, 'p', 'o', 'i', 'n', 't', 's', 0x90, 0xa6, 'p', 'o', 'i', 'n', 't', 's', 0x90};
    EXPECT_EQ(bad(run_raw("points", twice)).message, "argument 1 'points': is given twice");
}

TEST(Arguments, ThatAreNoListAreRefused) {
    EXPECT_EQ(bad(run("points", 7)).message, "expected a list or map of arguments, got integer");
    EXPECT_EQ(bad(run("points", "x")).message, "expected a list or map of arguments, got string");
}

TEST(MapArguments, WithAKeyTwiceAreRefused) {
    const Octets twice = {0x91, 0x82, 0xa1, 'k', 1, 0xa1, 'k', 2};
    EXPECT_EQ(bad(run_raw("map", twice)).message, "argument 1 'x.k': is given twice");
    const Octets field_twice = {0x91, 0x82, 0xa1, 'x', 1, 0xa1, 'x', 2};
    EXPECT_EQ(bad(run_raw("point", field_twice)).message, "argument 1 'x.x': is given twice");
}

TEST(MapArguments, WithAKeyThatIsNoTextAreRefused) {
    EXPECT_EQ(bad(run_raw("map", {0x91, 0x81, 1, 1})).message, "argument 1 'x': expected string, got integer");
    EXPECT_EQ(bad(run_raw("points", {0x81, 1, 1})).message, "expected names of arguments, got integer");
}

TEST(Streams, CutOffOrWithMoreBehindAreRefused) {
    EXPECT_EQ(bad(run_raw("int32", {})).message, "malformed MessagePack: it is cut off, or a size in it is wrong");
    EXPECT_THAT(bad(run_raw("int32", {0x91})).message, StartsWith("malformed MessagePack"));
    EXPECT_THAT(bad(run_raw("int32", {0x91, 0xcd, 1})).message, StartsWith("argument 1 'x'"));
    EXPECT_EQ(bad(run_raw("int32", {0x91, 1, 1})).message, "malformed MessagePack: more bytes than arguments");
    EXPECT_EQ(bad(run_raw("int32", {0x91, 0xc1})).message,
              "argument 1 'x': malformed MessagePack: a byte that begins no value");
}

TEST(Streams, WhoseSizesLieTakeNoMemory) {
    const std::vector<Octets> lies = {{0x91, 0xdd, 0xff, 0xff, 0xff, 0xff},     // a list of 4 billion
                                      {0x91, 0xdf, 0xff, 0xff, 0xff, 0xff},     // a map of them
                                      {0x91, 0xdb, 0xff, 0xff, 0xff, 0xff},     // as much text
                                      {0x91, 0xc6, 0xff, 0xff, 0xff, 0xff},     // as many bytes
                                      {0x91, 0xc9, 0xff, 0xff, 0xff, 0xff, 1},  // as large an array
                                      {0xdd, 0xff, 0xff, 0xff, 0xff},          {0xdf, 0xff, 0xff, 0xff, 0xff}};
    for (const char* task : {"value", "vector_string", "span_float64", "string", "bytes", "map", "ndarray_2", "tree"}) {
        for (const Octets& lie : lies) EXPECT_NE(bad(run_raw(task, lie)).message, "") << task;
    }
}

TEST(Streams, OfBottomlessDepthAreRefused) {
    Octets deep(100000, 0x91);
    deep.push_back(0xc0);
    EXPECT_THAT(bad(run_raw("value", deep)).message, HasSubstr("expected at most 100 levels"));
    Octets less_deep(91, 0x91);
    less_deep.push_back(0xc0);
    EXPECT_EQ(run_raw("value", less_deep).fault(), "");

    Octets tree = {0x91};
    for (int i = 0; i < 100000; ++i)
        tree.insert(tree.end(), {0x81, 0xa8, 'c', 'h', 'i', 'l', 'd', 'r', 'e', 'n', 0x91});
    EXPECT_THAT(bad(run_raw("tree", tree)).message, HasSubstr("expected at most 100 levels"));
}

TEST(TypedArrays, ThatContradictThemselvesAreRefused) {
    const std::vector<json> wrong = {
        json::binary({}, 1),
        json::binary({11, 1, 0, 0, 0, 0, 0, 0}, 1),                             // no shape
        json::binary({11, 0, 0, 0, 0, 0, 0, 0}, 1),                             // no dimension
        typed_array(99, {1}, std::vector<std::byte>(8)),                        // no such element
        typed_array(POOLHOST_ELEMENT_FLOAT64, {2}, std::vector<std::byte>(8)),  // too few
        typed_array(POOLHOST_ELEMENT_FLOAT64, {1}, std::vector<std::byte>(9)),  // too many
        typed_array(POOLHOST_ELEMENT_FLOAT64, {std::uint64_t{1} << 61}, {}),    // wraps around to nothing
        typed_array(POOLHOST_ELEMENT_FLOAT64, {std::uint64_t{1} << 32, std::uint64_t{1} << 32}, {}),
        typed_array(POOLHOST_ELEMENT_UINT8, std::vector<std::uint64_t>(9, 1), std::vector<std::byte>(1))};
    for (const char* task : {"span_float64", "ndarray_2", "value", "vector_bool"}) {
        for (const json& array : wrong) {
            EXPECT_THAT(bad(run(task, json::array({array}))).message,
                        StartsWith("argument 1 'x': malformed MessagePack: "));
        }
    }
}

}  // namespace
}  // namespace poolhost::test
