// SPDX-License-Identifier: Apache-2.0
#include "catalog/signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace poolhost::catalog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RoundTrip : public testing::TestWithParam<const char*> {};

TEST_P(RoundTrip, PrintsWhatItHasRead) {
    const auto signature = parse_signature(GetParam());
    ASSERT_TRUE(signature) << signature.error().message;
    EXPECT_EQ(to_string(*signature), GetParam());
    EXPECT_EQ(*parse_signature(to_string(*signature)), *signature);
}

INSTANTIATE_TEST_SUITE_P(
    Grammar, RoundTrip,
    testing::Values(
        "() -> null", "(x: int64) -> int64", "(a: bool, b: int8, c: int16, d: int32, e: int64) -> uint8",
        "(a: uint16, b: uint32, c: uint64, d: float32, e: float64) -> string", "(v: value, b: bytes) -> value",
        "(values: span<float64>) -> float64", "(flags: span<bool>) -> null",
        "(m: ndarray<uint8, 3>) -> ndarray<float32, 8>", "(names: list<string>) -> list<list<string>>",
        "(rgb: array<uint8, 3>) -> array<tuple<>, 0>", "(pair: tuple<string, int64>) -> tuple<>",
        "(x: int64, y: optional<int64>) -> optional<bytes>", "(ages: map<uint32>) -> map<map<value>>",
        "(c: enum colour{red, green, blue}) -> enum only{one}",
        "(p: struct point{x: float64, y: float64}) -> struct line{from: struct point{x: float64, y: float64}, "
        "to: optional<struct point{x: float64, y: float64}>}",
        "(e: struct geometry::empty{}) -> enum a::b::c{d}", "(_1: int32, list: list<int32>, struct: string) -> null",
        "(big: array<int8, 18446744073709551615>) -> null"));

struct Fault {
    const char* text;
    const char* complaint;
};

class Faulty : public testing::TestWithParam<Fault> {};

TEST_P(Faulty, IsRefusedWithItsPlace) {
    const auto signature = parse_signature(GetParam().text);
    ASSERT_FALSE(signature);
    EXPECT_THAT(signature.error().message, HasSubstr(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(Grammar, Faulty,
                         testing::Values(Fault{"", "column 1: expected '('"}, Fault{"(", "column 2: expected a name"},
                                         Fault{"()", "column 3: expected ' -> '"},
                                         Fault{"() -> ", "column 7: expected a name"},
                                         Fault{"() -> void", "column 7: 'void' is no type"},
                                         Fault{"() -> null ", "column 11: expected the end"},
                                         Fault{"(x:int64) -> null", "column 3: expected ': '"},
                                         Fault{"(x: int64,y: int64) -> null", "column 10: expected ', '"},
                                         Fault{"(x: int64, ) -> null", "column 12: expected a name"},
                                         Fault{"(1x: int64) -> null", "column 2: expected a name"},
                                         Fault{"(x: int64, x: int64) -> null", "the name 'x' stands twice"},
                                         Fault{"(x: span<string>) -> null", "column 10: expected a type of numbers"},
                                         Fault{"(x: span<list<int8>>) -> null", "expected a type of numbers"},
                                         Fault{"(x: ndarray<int8>) -> null", "expected ', '"},
                                         Fault{"(x: ndarray<int8, 0>) -> null", "1 to 8 dimensions"},
                                         Fault{"(x: ndarray<int8, 9>) -> null", "1 to 8 dimensions"},
                                         Fault{"(x: array<int8, -1>) -> null", "expected a number"},
                                         Fault{"(x: array<int8, 18446744073709551616>) -> null", "expected a number"},
                                         Fault{"(x: list<>) -> null", "expected a name"},
                                         Fault{"(x: tuple<int8 int8>) -> null", "expected ', '"},
                                         Fault{"(x: optional<int8) -> null", "expected '>'"},
                                         Fault{"(x: enum {a}) -> null", "expected a name"},
                                         Fault{"(x: enum e{a, a}) -> null", "the name 'a' stands twice"},
                                         Fault{"(x: struct s{a: int8, a: int8}) -> null", "the name 'a' stands twice"},
                                         Fault{"(x: struct s{a}) -> null", "expected ': '"},
                                         Fault{"(x: struct a::{b: int8}) -> null", "expected a name"}));

std::string nested(int depth) {
    std::string text = "(x: ";
    for (int i = 0; i < depth; ++i) text += "list<";
    return text + "int8" + std::string(static_cast<std::size_t>(depth), '>') + ") -> null";
}

TEST(Signature, IsReadUpToThirtyTwoLevels) {
    EXPECT_TRUE(parse_signature(nested(32)));
    const auto deeper = parse_signature(nested(33));
    ASSERT_FALSE(deeper);
    EXPECT_THAT(deeper.error().message, HasSubstr("nested too deeply"));
    EXPECT_FALSE(parse_signature(nested(10000)));
}

TEST(Signature, OfAbsurdLengthIsNotRead) {
    const auto signature = parse_signature(std::string(1 << 20, '('));
    ASSERT_FALSE(signature);
    EXPECT_THAT(signature.error().message, HasSubstr("at most 65536"));
}

TEST(Signature, SaysWhatTheCommandLineAsks) {
    const Signature signature =
        parse_signature(
            "(jpeg: bytes, note: optional<string>, name: string, width: optional<int32>, mask: optional<bytes>) "
            "-> optional<bytes>")
            .value();
    EXPECT_TRUE(signature.takes_bytes(0));
    EXPECT_FALSE(signature.takes_text(0));
    EXPECT_TRUE(signature.takes_text(1));
    EXPECT_TRUE(signature.is_optional(1));
    EXPECT_TRUE(signature.takes_text(2));
    EXPECT_FALSE(signature.takes_text(3));
    EXPECT_TRUE(signature.takes_bytes(4));
    EXPECT_EQ(signature.required_count(), 3U) << "only trailing optionals may be left out";
    EXPECT_TRUE(signature.returns_bytes());
    EXPECT_THAT(signature.parameter_names(), ElementsAre("jpeg", "note", "name", "width", "mask"));
}

TEST(Signature, KnowsNothingOfParametersBeyondTheLast) {
    const Signature signature = parse_signature("() -> null").value();
    EXPECT_FALSE(signature.takes_text(0));
    EXPECT_FALSE(signature.takes_bytes(7));
    EXPECT_FALSE(signature.is_optional(0));
    EXPECT_EQ(signature.required_count(), 0U);
}

TEST(Signature, KeepsWhatATypeIsMadeOf) {
    const Signature signature =
        parse_signature(
            "(a: ndarray<float32, 2>, c: enum colour{red, green}, p: struct point{x: int8, y: int16}) -> null")
            .value();
    const Type& array = signature.parameters[0].type;
    EXPECT_EQ(array.kind, Kind::NdArray);
    EXPECT_EQ(array.element, Kind::Float32);
    EXPECT_EQ(array.extent, 2U);
    EXPECT_EQ(signature.parameters[1].type.name, "colour");
    EXPECT_THAT(signature.parameters[1].type.names, ElementsAre("red", "green"));
    const Type& point = signature.parameters[2].type;
    EXPECT_THAT(point.names, ElementsAre("x", "y"));
    EXPECT_EQ(point.children[1].kind, Kind::Int16);
}

}  // namespace
}  // namespace poolhost::catalog
