// SPDX-License-Identifier: Apache-2.0
#include "worker/json_writer.hpp"

#include "unit/worker/no_buffers.hpp"

#include <poolhost/sdk/encoder.hpp>

#include <gmock/gmock.h>

#include <cmath>
#include <concepts>
#include <limits>
#include <string>
#include <vector>

namespace poolhost::worker {
namespace {

using detail::encoder;
using testing::HasSubstr;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string json_of(std::string_view value, const BufferSource& buffers = no_buffers()) {
    std::string text;
    const auto written = write_json(bytes_of(value), buffers, text);
    return written ? text : "error: " + written.error().message;
}

template <std::invocable<encoder&> Write>
std::string json_of(Write write) {
    encoder out;
    write(out);
    return json_of(out.written());
}

std::string json_of_double(double number) {
    return json_of([number](encoder& out) { out.float64(number); });
}

TEST(JsonWriter, WritesScalars) {
    EXPECT_EQ(json_of("\xc0"), "null");
    EXPECT_EQ(json_of("\xc2"), "false");
    EXPECT_EQ(json_of("\xc3"), "true");
    EXPECT_EQ(json_of("\x07"), "7");
    EXPECT_EQ(json_of("\xff"), "-1");
    EXPECT_EQ(json_of([](encoder& out) { out.signed_integer(INT64_MIN); }), "-9223372036854775808");
    EXPECT_EQ(json_of([](encoder& out) { out.unsigned_integer(UINT64_MAX); }), "18446744073709551615");
}

TEST(JsonWriter, WritesFloatsExactlyAndAsFloats) {
    EXPECT_EQ(json_of_double(0.1), "0.1");
    EXPECT_EQ(json_of_double(1), "1.0");
    EXPECT_EQ(json_of_double(-0.0), "-0.0");
    EXPECT_EQ(json_of_double(1e300), "1e+300");
    EXPECT_EQ(json_of_double(9007199254740993.0), "9007199254740992.0");
    EXPECT_EQ(json_of([](encoder& out) { out.float32(0.1F); }), "0.10000000149011612");
}

TEST(JsonWriter, WritesFloatsThatJsonHasNoWordFor) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(json_of_double(std::nan("")), R"({"$float":"nan"})");
    EXPECT_EQ(json_of_double(infinity), R"({"$float":"inf"})");
    EXPECT_EQ(json_of_double(-infinity), R"({"$float":"-inf"})");
}

TEST(JsonWriter, WritesTextOnOneLineAndUnescaped) {
    EXPECT_EQ(json_of([](encoder& out) { out.string("ä€😀\x7f/"); }), "\"ä€😀\x7f/\"");
    EXPECT_EQ(json_of([](encoder& out) { out.string("a\"b\\c\n\r\t\b\f\x01\x1f"); }),
              R"("a\"b\\c\n\r\t\b\f\u0001\u001f")");
    EXPECT_EQ(json_of([](encoder& out) { out.string(std::string_view("\0", 1)); }), R"("\u0000")");
}

TEST(JsonWriter, WritesBytesAndBrokenTextAsBase64) {
    EXPECT_EQ(json_of("\xc4\x02hi"), R"({"$bytes":"aGk="})");
    EXPECT_EQ(json_of("\xa1\xff"), R"({"$bytes":"/w=="})");
}

TEST(JsonWriter, WritesContainersWithoutSpaces) {
    EXPECT_EQ(json_of("\x93\x01\x90\x80"), "[1,[],{}]");
    EXPECT_EQ(json_of("\x82\xa1"
                      "a\x01\xa1"
                      "b\x91\x02"),
              R"({"a":1,"b":[2]})");
}

TEST(JsonWriter, DoublesTheDollarOfAUsersOwnKeys) {
    EXPECT_EQ(json_of("\x81\xa6$bytes\x01"), R"({"$$bytes":1})");
    EXPECT_EQ(json_of("\x81\xa1$\x01"), R"({"$$":1})");
}

TEST(JsonWriter, WritesTypedArraysByTheirShape) {
    const std::size_t two_by_three[] = {2, 3};
    const std::int16_t numbers[] = {1, -2, 3, 4, 5, 6};
    EXPECT_EQ(json_of([&](encoder& out) { out.typed_array(POOLHOST_ELEMENT_INT16, two_by_three, numbers); }),
              "[[1,-2,3],[4,5,6]]");
    const std::size_t three[] = {3};
    const float floats[] = {0.5F, 1, std::numeric_limits<float>::infinity()};
    EXPECT_EQ(json_of([&](encoder& out) { out.typed_array(POOLHOST_ELEMENT_FLOAT32, three, floats); }),
              R"([0.5,1.0,{"$float":"inf"}])");
    const std::uint8_t flags[] = {0, 1, 2};
    EXPECT_EQ(json_of([&](encoder& out) { out.typed_array(POOLHOST_ELEMENT_BOOL, three, flags); }),
              "[false,true,true]");
    const std::uint64_t large[] = {UINT64_MAX, 0, 1};
    EXPECT_EQ(json_of([&](encoder& out) { out.typed_array(POOLHOST_ELEMENT_UINT64, three, large); }),
              "[18446744073709551615,0,1]");
}

TEST(JsonWriter, BoundsWhatAnEmptyArrayCanSay) {
    const std::size_t rows[] = {2, 0};
    // By hand: the encoder would overflow on an absurd shape.
    const auto array_of = [](std::span<const std::size_t> shape) {
        const poolhost_typed_array_head head{POOLHOST_ELEMENT_INT8, static_cast<std::uint8_t>(shape.size()), {}};
        std::string payload(reinterpret_cast<const char*>(&head), sizeof head);
        payload.append(reinterpret_cast<const char*>(shape.data()), shape.size_bytes());
        return std::string{'\xc7', static_cast<char>(payload.size()), POOLHOST_EXT_TYPED_ARRAY} + payload;
    };
    EXPECT_EQ(json_of(array_of(rows)), "[[],[]]");
    const std::size_t absurd[] = {std::size_t{1} << 40, std::size_t{1} << 40, 0};
    EXPECT_THAT(json_of(array_of(absurd)), HasSubstr("more than a million rows"));
    const std::size_t none[] = {0, std::size_t{1} << 40};
    EXPECT_EQ(json_of(array_of(none)), "[]");
}

class OneBuffer : public BufferSource {
public:
    explicit OneBuffer(std::string_view bytes) : bytes_(bytes) {}
    [[nodiscard]] std::span<const std::byte> memory(std::uint64_t id) const override {
        return id == 5 ? bytes_of(bytes_) : std::span<const std::byte>();
    }

private:
    std::string_view bytes_;
};

std::string reference(poolhost_buffer_head head, std::vector<std::size_t> shape = {}) {
    encoder out;
    out.buffer(head, shape);
    return std::string(out.written());
}

TEST(JsonWriter, WritesWhatLiesInBuffers) {
    const OneBuffer buffer(std::string_view("hello\0\1\0\2\0", 10));
    EXPECT_EQ(json_of(reference({POOLHOST_BUFFER_TEXT, 0, 0, {}, 5, 1, 4}), buffer), R"("ello")");
    EXPECT_EQ(json_of(reference({POOLHOST_BUFFER_BYTES, 0, 0, {}, 5, 0, 2}), buffer), R"({"$bytes":"aGU="})");
    EXPECT_EQ(
        json_of(reference({POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_UINT16, 2, {}, 5, 6, 4}, {2, 1}), buffer),
        "[[1],[2]]");
}

TEST(JsonWriter, RefusesReferencesThatLeadNowhere) {
    const OneBuffer buffer("hello");
    EXPECT_THAT(json_of(reference({POOLHOST_BUFFER_TEXT, 0, 0, {}, 6, 0, 1}), buffer), HasSubstr("not allocated"));
    EXPECT_THAT(json_of(reference({POOLHOST_BUFFER_TEXT, 0, 0, {}, 5, 3, 3}), buffer), HasSubstr("beyond the end"));
    EXPECT_THAT(json_of(reference({POOLHOST_BUFFER_TEXT, 0, 0, {}, 5, UINT64_MAX, 2}), buffer),
                HasSubstr("beyond the end"));
    EXPECT_THAT(json_of(reference({POOLHOST_BUFFER_TYPED_ARRAY, POOLHOST_ELEMENT_INT64, 1, {}, 5, 0, 5}, {1}), buffer),
                HasSubstr("does not fit its size"));
}

TEST(JsonWriter, RefusesWhatIsNotOneValue) {
    EXPECT_THAT(json_of(""), HasSubstr("error"));
    EXPECT_THAT(json_of("\xc1"), HasSubstr("begins no value"));
    EXPECT_THAT(json_of("\xa5"
                        "ab"),
                HasSubstr("cut off"));
    EXPECT_THAT(json_of("\x01\x02"), HasSubstr("something follows"));
    EXPECT_THAT(json_of("\xdd\xff\xff\xff\xff"), HasSubstr("cut off"));
    EXPECT_THAT(json_of("\x81\x01\x02"), HasSubstr("not text"));
    EXPECT_THAT(json_of("\xd4\x63\x01"), HasSubstr("no form in JSON"));
    EXPECT_THAT(json_of(std::string(1000, '\x91') + '\x01'), HasSubstr("nested deeper"));
}

}  // namespace
}  // namespace poolhost::worker
