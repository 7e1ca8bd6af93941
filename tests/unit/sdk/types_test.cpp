// SPDX-License-Identifier: Apache-2.0
// The types that the SDK gives to tasks: arrays with a shape, and values of unknown shape.
#include <poolhost/sdk.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolhost::test {
namespace {

using testing::ElementsAre;

TEST(Ndarray, IsRowMajorAndZeroAtFirst) {
    ndarray<int, 2> matrix({2, 3});
    EXPECT_THAT(matrix.elements(), ElementsAre(0, 0, 0, 0, 0, 0));
    matrix(1, 2) = 7;
    matrix(0, 1) = 3;
    EXPECT_THAT(matrix.elements(), ElementsAre(0, 3, 0, 0, 0, 7));
    EXPECT_THAT(matrix.shape(), ElementsAre(2U, 3U));
    EXPECT_EQ(matrix.size(), 6U);
}

TEST(Ndarray, CopiesElementsThatFillItsShape) {
    const std::vector<int> numbers = {1, 2, 3, 4};
    const ndarray<int, 2> matrix({2, 2}, numbers);
    EXPECT_EQ(matrix(1, 0), 3);
    EXPECT_EQ(matrix, (ndarray<int, 2>({2, 2}, numbers)));
    EXPECT_THROW((ndarray<int, 2>({2, 3}, numbers)), std::invalid_argument);
}

TEST(Ndarray, OfBoolHasElements) {
    ndarray<bool, 1> flags({2});
    flags(1) = true;
    EXPECT_THAT(flags.elements(), ElementsAre(false, true));
}

TEST(Ndarray, ViewsCopyNothing) {
    const std::vector<float> numbers = {1, 2, 3, 4, 5, 6};
    const ndarray<const float, 3> view({1, 2, 3}, numbers.data());
    EXPECT_EQ(&view(0, 1, 2), &numbers[5]);
    EXPECT_EQ(view.size(), 6U);
}

TEST(SharedArray, IsCutAtItsOutermostDimension) {
    float memory[6] = {0, 1, 2, 3, 4, 5};
    shared_array<float, 2> all(memory, {3, 2}, 9);
    all.truncate(2);
    EXPECT_THAT(all.shape(), ElementsAre(2U, 2U));
    EXPECT_THAT(all.elements(), ElementsAre(0, 1, 2, 3));
    all.truncate(7);
    EXPECT_EQ(all.size(), 4U);
}

TEST(Value, HoldsIntegersAsInt64WhereTheyFit) {
    EXPECT_EQ(*value(7U).get_if<std::int64_t>(), 7);
    EXPECT_EQ(*value(std::int8_t{-1}).get_if<std::int64_t>(), -1);
    EXPECT_EQ(*value(UINT64_MAX).get_if<std::uint64_t>(), UINT64_MAX);
    EXPECT_EQ(value(7.0F).get_if<std::int64_t>(), nullptr);
    EXPECT_EQ(*value(7.5F).get_if<double>(), 7.5);
    EXPECT_TRUE(*value(true).get_if<bool>());
}

TEST(Value, IsBuiltFromWhatItHolds) {
    const value tree = value::map{{"name", "n"}, {"list", value::list{1, "two", nullptr}}, {"raw", bytes(2)}};
    ASSERT_NE(tree.find("list"), nullptr);
    const auto& list = *tree.find("list")->get_if<value::list>();
    EXPECT_EQ(list[1], value(std::string("two")));
    EXPECT_TRUE(list[2].is_null());
    EXPECT_EQ(tree.find("nothing"), nullptr);
    EXPECT_EQ(list[0].find("name"), nullptr);
    EXPECT_NE(list[0], list[1]);
}

TEST(Value, IsVisited) {
    const auto words = [](const auto& held) {
        return std::string(std::is_same_v<std::decay_t<decltype(held)>, std::string> ? "text" : "other");
    };
    EXPECT_EQ(value("t").visit(words), "text");
    EXPECT_EQ(value().visit(words), "other");
}

TEST(Value, WithAnArrayThatContradictsItselfCannotBeSent) {
    detail::encoder out;
    const auto send = [&out](typed_array array) { detail::codec<value>::encode(out, value(std::move(array))); };
    EXPECT_NO_THROW(send({POOLHOST_ELEMENT_INT16, {2}, bytes(4)}));
    EXPECT_NO_THROW(send({POOLHOST_ELEMENT_INT16, {0, 5}, {}}));
    EXPECT_THROW(send({POOLHOST_ELEMENT_INT16, {2}, bytes(3)}), result_error);
    EXPECT_THROW(send({POOLHOST_ELEMENT_INT16, {}, bytes(2)}), result_error);
    EXPECT_THROW(send({99, {2}, bytes(2)}), result_error);
    EXPECT_THROW(send({99, {2}, {}}), result_error);
    EXPECT_THROW(send({POOLHOST_ELEMENT_INT16, std::vector<std::size_t>(9, 1), bytes(2)}), result_error);
    EXPECT_THROW(send({POOLHOST_ELEMENT_UINT8, {std::size_t{1} << 32, std::size_t{1} << 32}, {}}), result_error);
}

}  // namespace
}  // namespace poolhost::test
