// SPDX-License-Identifier: Apache-2.0
// Every type, there and back, with an independent MessagePack library at the other end.
#include "unit/sdk/fake_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace poolhost::test {
namespace {

using testing::IsEmpty;

json bytes(const Octets& raw) { return json::binary(raw); }

struct Case {
    const char* task;
    json argument;
};

class RoundTrip : public testing::TestWithParam<Case> {};

TEST_P(RoundTrip, ComesBackAsItWent) {
    const auto& [task, argument] = GetParam();
    const Outcome outcome = run(task, json::array({argument}));
    EXPECT_EQ(outcome.fault(), "");
    EXPECT_EQ(outcome.value(), argument);
}

const json square = {{"x", 1.5}, {"y", -2.0}};
const json a_shape = {{"name", "s"}, {"points", {square, square}}, {"fill", "blue"}, {"width", 3}};
const json a_shape_without = {{"name", ""}, {"points", json::array()}, {"fill", "red"}, {"width", nullptr}};
const json a_tree = {
    {"weight", 1},
    {"children", {{{"weight", 2}, {"children", json::array()}}, {{"weight", 3}, {"children", json::array()}}}}};

INSTANTIATE_TEST_SUITE_P(
    Scalars, RoundTrip,
    testing::Values(Case{"bool_", true}, Case{"bool_", false}, Case{"int8", -128}, Case{"int8", 127},
                    Case{"int16", -32768}, Case{"int16", 32767}, Case{"int32", INT32_MIN}, Case{"int32", INT32_MAX},
                    Case{"int64", INT64_MIN}, Case{"int64", INT64_MAX}, Case{"int64", -33}, Case{"int64", -32},
                    Case{"int64", 127}, Case{"int64", 128}, Case{"uint8", 255}, Case{"uint16", 65535},
                    Case{"uint32", UINT32_MAX}, Case{"uint64", UINT64_MAX}, Case{"long_long", INT64_MIN},
                    Case{"float32", 1.5}, Case{"float64", 0.1}, Case{"float64", std::numeric_limits<double>::max()},
                    Case{"float64", std::numeric_limits<double>::denorm_min()},
                    Case{"float64", std::numeric_limits<double>::infinity()}, Case{"float64", -0.0}));

INSTANTIATE_TEST_SUITE_P(TextAndBytes, RoundTrip,
                         testing::Values(Case{"string", ""}, Case{"string", std::string(31, 'a')},
                                         Case{"string", std::string(32, 'b')}, Case{"string", std::string(255, 'c')},
                                         Case{"string", std::string(256, 'd')}, Case{"string", std::string(70000, 'e')},
                                         Case{"string", "Grüße, 世界 🌍"}, Case{"string_view", "view"},
                                         Case{"bytes", bytes({})}, Case{"bytes", bytes({0, 255, 128})},
                                         Case{"bytes", bytes(Octets(300, 7))}, Case{"bytes", bytes(Octets(70000, 7))},
                                         Case{"byte_span", bytes({1, 2, 3})}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, RoundTrip,
    testing::Values(Case{"span_float64", typed_array<double>(POOLHOST_ELEMENT_FLOAT64, {1.5, -2.25, 0.1})},
                    Case{"span_float64", typed_array<double>(POOLHOST_ELEMENT_FLOAT64, {})},
                    Case{"span_float32", typed_array<float>(POOLHOST_ELEMENT_FLOAT32, {0.1F, 2})},
                    Case{"span_int32", typed_array<std::int32_t>(POOLHOST_ELEMENT_INT32, {1, -2})},
                    Case{"span_uint8", typed_array<std::uint8_t>(POOLHOST_ELEMENT_UINT8, {1, 2})},
                    Case{"span_bool", typed_array<std::uint8_t>(POOLHOST_ELEMENT_BOOL, {1, 0, 1})},
                    Case{"vector_bool", typed_array<std::uint8_t>(POOLHOST_ELEMENT_BOOL, {1, 0, 1})},
                    Case{"ndarray_bool", typed_array<std::uint8_t>(POOLHOST_ELEMENT_BOOL, {0, 1})},
                    Case{"vector_int64", typed_array<std::int64_t>(POOLHOST_ELEMENT_INT64, {INT64_MIN, INT64_MAX})},
                    Case{"ndarray_2", typed_array(POOLHOST_ELEMENT_FLOAT64, {2, 3}, std::vector<std::byte>(48))},
                    Case{"ndarray_2", typed_array(POOLHOST_ELEMENT_FLOAT64, {0, 7}, {})},
                    Case{"ndarray_view_3",
                         typed_array(POOLHOST_ELEMENT_FLOAT32, {1, 2, 3}, std::vector<std::byte>(24))}));

INSTANTIATE_TEST_SUITE_P(
    Containers, RoundTrip,
    testing::Values(Case{"vector_string", {"a", "", "c"}}, Case{"vector_view", {"a", "b"}},
                    Case{"vector_string", json::array()},
                    Case{"vector_string", json(std::vector<std::string>(20, "x"))}, Case{"array_3", {1, -2, 3}},
                    Case{"array_string_2", {"a", "b"}}, Case{"pair", {1, "one"}}, Case{"tuple", {true, 0.5, "t"}},
                    Case{"optional", nullptr}, Case{"optional", 5}, Case{"vector_optional", {1, nullptr, 3}},
                    Case{"map", json::object()}, Case{"map", {{"a", 1}, {"b", -2}}}, Case{"map", {{"", 1}}},
                    Case{"level", -5}, Case{"color", "green"}, Case{"point", square}, Case{"shape", a_shape},
                    Case{"shape", a_shape_without}, Case{"tree", a_tree},
                    Case{"deep", json::array({{{"one", a_shape}}, json::array({json::array({true, "red"})})})}));

INSTANTIATE_TEST_SUITE_P(
    Values, RoundTrip,
    testing::Values(Case{"value", nullptr}, Case{"value", true}, Case{"value", INT64_MIN}, Case{"value", UINT64_MAX},
                    Case{"value", 0.1}, Case{"value", "text"}, Case{"value", bytes({1, 2})}, Case{"value", a_shape},
                    Case{"value", {1, "two", {3, {{"four", nullptr}}}}},
                    Case{"value", typed_array(POOLHOST_ELEMENT_INT16, {2, 2}, std::vector<std::byte>(8))}));

TEST(RoundTripOfFloats, KeepsNanAndTheSignOfZero) {
    EXPECT_TRUE(std::isnan(run("float64", {std::nan("")}).value().get<double>()));
    EXPECT_TRUE(std::isnan(run("float32", {std::nan("")}).value().get<double>()));
    EXPECT_TRUE(std::signbit(run("float64", {-0.0}).value().get<double>()));
}

TEST(RoundTripOfMaps, KeepsAHashMapsEntries) {
    const Outcome outcome = run("unordered_map", json::array({{{"a", {1, 2}}, {"b", json::array()}}}));
    EXPECT_EQ(outcome.value()["a"], typed_array<int>(POOLHOST_ELEMENT_INT32, {1, 2}));
    EXPECT_EQ(outcome.value().size(), 2);
}

TEST(RoundTripOfText, ThatIsNotUtf8TravelsAsBytes) {
    const std::vector<Octets> not_text = {
        {0xff},       {0xc0, 0x80},       {0xed, 0xa0, 0x80},      {0xf4, 0x90, 0x80, 0x80},
        {'a', 0x80},  {0xe2, 0x82},       {0xf0, 0x9f, 0x8c},      {0xc3},
        {0xf5, 0x80}, {0xe0, 0x80, 0x80}, {0xf0, 0x80, 0x80, 0x80}};
    for (const Octets& raw : not_text) {
        EXPECT_EQ(run("string", json::array({bytes(raw)})).value(), bytes(raw));
    }
}

TEST(RoundTripOfText, ThatIsUtf8AndCameAsBytesIsTextAgain) {
    EXPECT_EQ(run("string", json::array({bytes({'o', 'k', 0xc3, 0xa4})})).value(), "okä");
}

TEST(RoundTripOfBytes, AndArraysOfUint8AreTheSameThing) {
    EXPECT_EQ(run("bytes", json::array({typed_array<std::uint8_t>(POOLHOST_ELEMENT_UINT8, {1, 2})})).value(),
              bytes({1, 2}));
    EXPECT_EQ(run("span_uint8", json::array({bytes({1, 2})})).value(),
              typed_array<std::uint8_t>(POOLHOST_ELEMENT_UINT8, {1, 2}));
}

TEST(TypedArrays, LookAsInTheDocumentation) {
    // clang-format off
    const Octets documented = {0xc7, 0x18, 0x01,
                               0x0a, 0x01, 0, 0, 0, 0, 0, 0,
                               0x02, 0, 0, 0, 0, 0, 0, 0,
                               0, 0, 0x80, 0x3f, 0, 0, 0, 0x40};
    // clang-format on
    EXPECT_EQ(run("span_float32", json::array({{1, 2}})).reply, documented);
}

TEST(Results, OfVoidAreNullAndOthersAsTheirType) {
    const Outcome nothing = run("nothing", json::array());
    EXPECT_EQ(nothing.status, POOLHOST_OK);
    EXPECT_EQ(nothing.reply, std::nullopt);
    EXPECT_EQ(run("literal", json::array()).value(), "text");
    EXPECT_EQ(run("reference", json::array()).value(), "kept");
    EXPECT_EQ(run("moved", {"n", {1, 2, 3}}).value(), "n3");
}

}  // namespace
}  // namespace poolhost::test
