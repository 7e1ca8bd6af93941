// SPDX-License-Identifier: Apache-2.0
// What may stand for what, and the words for what may not.
#include "unit/sdk/fake_call.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace poolhost::test {
namespace {

struct Case {
    const char* task;
    json argument;
    json result;
};

class Converts : public testing::TestWithParam<Case> {};

TEST_P(Converts, WithoutALoss) {
    const auto& [task, argument, result] = GetParam();
    const Outcome outcome = run(task, json::array({argument}));
    EXPECT_EQ(outcome.fault(), "");
    EXPECT_EQ(outcome.value(), result);
}

constexpr std::int64_t largest_exact = std::int64_t{1} << 53;

json float64s(const std::vector<double>& all) { return typed_array(POOLHOST_ELEMENT_FLOAT64, all); }
json float32s(const std::vector<float>& all) { return typed_array(POOLHOST_ELEMENT_FLOAT32, all); }
json int32s(const std::vector<std::int32_t>& all) { return typed_array(POOLHOST_ELEMENT_INT32, all); }
json int64s(const std::vector<std::int64_t>& all) { return typed_array(POOLHOST_ELEMENT_INT64, all); }
json bools(const std::vector<std::uint8_t>& all) { return typed_array(POOLHOST_ELEMENT_BOOL, all); }

std::span<const std::byte> raw(const std::vector<double>& all) { return std::as_bytes(std::span(all)); }
const std::vector<double> one_to_six = {1, 2, 3, 4, 5, 6};

INSTANTIATE_TEST_SUITE_P(
    Conversion, Converts,
    testing::Values(
        Case{"float64", 7, 7.0}, Case{"float64", -7, -7.0}, Case{"float64", largest_exact, 9007199254740992.0},
        Case{"float64", INT64_MIN, -9223372036854775808.0}, Case{"float32", 16777216, 16777216.0},
        Case{"float64", std::uint64_t{1} << 63, 9223372036854775808.0}, Case{"float32", 0.1, static_cast<double>(0.1F)},
        Case{"float32", std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()},
        Case{"span_float64", json::array({1, 2.5, -3}), float64s({1, 2.5, -3})},
        Case{"span_float64", json::array(), float64s({})},
        Case{"span_float64", float32s({0.5F, 2}), float64s({0.5, 2})},
        Case{"span_float64", int32s({1, -2}), float64s({1, -2})},
        Case{"span_float64", int64s({largest_exact}), float64s({9007199254740992.0})},
        Case{"span_float32", float64s({0.5}), float32s({0.5F})},
        Case{"span_int32", int64s({1, INT32_MIN}), int32s({1, INT32_MIN})},
        Case{"span_int32", json::array({1, 2}), int32s({1, 2})},
        Case{"span_bool", json::array({true, false}), bools({1, 0})}, Case{"span_bool", bools({2, 0}), bools({1, 0})},
        Case{"array_3", int64s({1, 2, 3}), {1, 2, 3}},
        Case{"vector_vector",
             json::array({{1, 2}, json::array(), float32s({3})}),
             {float64s({1, 2}), float64s({}), float64s({3})}},
        Case{"ndarray_2", {{1, 2, 3}, {4, 5, 6}}, typed_array(POOLHOST_ELEMENT_FLOAT64, {2, 3}, raw(one_to_six))},
        Case{"ndarray_2", json::array(), typed_array(POOLHOST_ELEMENT_FLOAT64, {0, 0}, {})},
        Case{"ndarray_2", json::array({json::array(), json::array()}),
             typed_array(POOLHOST_ELEMENT_FLOAT64, {2, 0}, {})},
        Case{"shape",
             {{"name", "n"}, {"points", json::array()}, {"fill", "red"}},
             {{"name", "n"}, {"points", json::array()}, {"fill", "red"}, {"width", nullptr}}}));

struct Refusal {
    const char* task;
    json argument;
    const char* fault;  // without "argument 1 'x"
};

class Refuses : public testing::TestWithParam<Refusal> {};

TEST_P(Refuses, InWords) {
    const auto& [task, argument, fault] = GetParam();
    const Outcome outcome = run(task, json::array({argument}));
    EXPECT_EQ(outcome.status, POOLHOST_FAILED);
    EXPECT_EQ(outcome.reply, std::nullopt);
    EXPECT_EQ(outcome.fault(), std::string("argument 1 'x") + fault);
}

const json binary = json::binary({1});

INSTANTIATE_TEST_SUITE_P(
    Scalars, Refuses,
    testing::Values(Refusal{"int32", "1", "': expected int32, got string"},
                    Refusal{"int32", 3000000000, "': expected int32, got 3000000000"},
                    Refusal{"int32", INT64_MIN, "': expected int32, got -9223372036854775808"},
                    Refusal{"int8", -129, "': expected int8, got -129"},
                    Refusal{"uint8", 256, "': expected uint8, got 256"},
                    Refusal{"uint64", -1, "': expected uint64, got -1"},
                    Refusal{"int64", UINT64_MAX, "': expected int64, got 18446744073709551615"},
                    Refusal{"int32", 2.0, "': expected int32, got float32"},
                    Refusal{"int32", 0.1, "': expected int32, got float64"},
                    Refusal{"int32", true, "': expected int32, got bool"},
                    Refusal{"int32", nullptr, "': expected int32, got null"},
                    Refusal{"int32", json::array({1}), "': expected int32, got list"},
                    Refusal{"int32", json::object(), "': expected int32, got map"},
                    Refusal{"int32", binary, "': expected int32, got bytes"},
                    Refusal{"int32", int32s({1}), "': expected int32, got span<int32>"},
                    Refusal{"int32", json::binary({1}, 77), "': expected int32, got extension 77"},
                    Refusal{"bool_", 1, "': expected bool, got integer"},
                    Refusal{"float64", largest_exact + 1, "': expected float64, got 9007199254740993"},
                    Refusal{"float64", -largest_exact - 1, "': expected float64, got -9007199254740993"},
                    Refusal{"float64", UINT64_MAX, "': expected float64, got 18446744073709551615"},
                    Refusal{"float64", INT64_MAX, "': expected float64, got 9223372036854775807"},
                    Refusal{"float32", 16777217, "': expected float32, got 16777217"},
                    Refusal{"float32", 1e300, "': expected float32, got 1.0000000000000001e+300"},
                    Refusal{"float64", "1.5", "': expected float64, got string"},
                    Refusal{"float64", false, "': expected float64, got bool"},
                    Refusal{"string", 1, "': expected string, got integer"},
                    Refusal{"bytes", "text", "': expected bytes, got string"},
                    Refusal{"bytes", int32s({1}), "': expected bytes, got span<int32>"},
                    Refusal{"color", "purple", "': expected enum color{red, green, blue}, got 'purple'"},
                    Refusal{"color", 1, "': expected enum color{red, green, blue}, got integer"},
                    Refusal{"level", 40000, "': expected int16, got 40000"}));

INSTANTIATE_TEST_SUITE_P(
    Arrays, Refuses,
    testing::Values(Refusal{"span_float64", "no", "': expected span<float64>, got string"},
                    Refusal{"span_float64", binary, "': expected span<float64>, got bytes"},
                    Refusal{"span_float64", json::array({1, "2"}), "[1]': expected float64, got string"},
                    Refusal{"span_float64", int64s({1, largest_exact + 1}),
                            "[1]': expected float64, got 9007199254740993"},
                    Refusal{"span_float32", float64s({0.1}), "[0]': expected float32, got 0.10000000000000001"},
                    Refusal{"span_int32", float64s({1}), "': expected span<int32>, got span<float64>"},
                    Refusal{"span_int32", bools({1}), "': expected span<int32>, got span<bool>"},
                    Refusal{"span_bool", int32s({1}), "': expected span<bool>, got span<int32>"},
                    Refusal{"span_int32", int64s({7, INT64_MAX}), "[1]': expected int32, got 9223372036854775807"},
                    Refusal{"span_float64", typed_array(POOLHOST_ELEMENT_FLOAT64, {2, 3}, raw(one_to_six)),
                            "': expected span<float64>, got ndarray<float64, 2>"},
                    Refusal{"ndarray_2", float64s({1}), "': expected ndarray<float64, 2>, got span<float64>"},
                    Refusal{"ndarray_2", {{1, 2}, {3}}, "[1]': expected 2 elements, got 1"},
                    Refusal{"ndarray_2", {{1}, 2}, "[1]': expected list, got integer"},
                    Refusal{"ndarray_2", {{1}, {"2"}}, "[1][0]': expected float64, got string"},
                    Refusal{"array_3", json::array({1, 2}), "': expected array<int32, 3>, got 2 elements"},
                    Refusal{"array_string_2", json::array({"a"}), "': expected array<string, 2>, got 1 element"}));

INSTANTIATE_TEST_SUITE_P(
    Containers, Refuses,
    testing::Values(Refusal{"vector_string", json::array({"a", 1}), "[1]': expected string, got integer"},
                    Refusal{"vector_string", "a", "': expected list<string>, got string"},
                    Refusal{"pair", json::array({1}), "': expected tuple<int32, string>, got 1 element"},
                    Refusal{"pair", json::array({1, 2}), "[1]': expected string, got integer"},
                    Refusal{"optional", "a", "': expected int32, got string"},
                    Refusal{"optional", 3000000000, "': expected int32, got 3000000000"},
                    Refusal{"map", json::array(), "': expected map<int32>, got list"},
                    Refusal{"map", {{"key", "a"}}, ".key': expected int32, got string"},
                    Refusal{"point", json::array({1, 2}), "': expected struct point{x: float64, y: float64}, got list"},
                    Refusal{"point", {{"x", 1}}, "': field 'y' is missing"},
                    Refusal{"point", {{"x", 1}, {"y", 2}, {"z", 3}}, "': unknown field 'z', expected x, y"},
                    Refusal{"shape",
                            {{"name", "n"}, {"points", {{{"x", 1}, {"y", "2"}}}}, {"fill", "red"}},
                            ".points[0].y': expected float64, got string"},
                    Refusal{"deep", json::array({json::object(), json::array({json::array({true, "pink"})})}),
                            "[1][0][1]': expected enum color{red, green, blue}, got 'pink'"}));

}  // namespace
}  // namespace poolhost::test
