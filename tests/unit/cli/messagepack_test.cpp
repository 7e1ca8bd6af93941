// SPDX-License-Identifier: Apache-2.0
#include "cli/messagepack.hpp"

#include <poolhost/plugin.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstring>

namespace poolhost::cli {
namespace {

using nlohmann::json;

json read(const MessagePack& written) { return json::from_msgpack(written); }
std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

class MessagePackSizes : public testing::TestWithParam<std::size_t> {};

TEST_P(MessagePackSizes, TextReadsBackElsewhere) {
    const std::string text(GetParam(), 'x');
    MessagePack out;
    append_text(out, text);
    EXPECT_EQ(read(out), json(text));
    const auto value = read_plain_value(out);
    ASSERT_TRUE(value);
    EXPECT_EQ(value->kind, PlainValue::Kind::text);
    EXPECT_EQ(value->bytes.size(), text.size());
}

TEST_P(MessagePackSizes, BytesReadBackElsewhere) {
    const std::string text(GetParam(), '\xff');
    MessagePack out;
    append_bytes(out, bytes_of(text));
    EXPECT_EQ(read(out).get_binary(), json::binary_t({text.begin(), text.end()}));
    EXPECT_EQ(read_plain_value(out)->bytes.size(), text.size());
}

TEST_P(MessagePackSizes, JsonIsAnExtension) {
    const std::string text(GetParam(), ' ');
    MessagePack out;
    append_json(out, text);
    EXPECT_EQ(read(out).get_binary().subtype(), POOLHOST_EXT_JSON);
    EXPECT_EQ(read(out).get_binary().size(), text.size());
    EXPECT_EQ(read_plain_value(out)->kind, PlainValue::Kind::other);
}

TEST_P(MessagePackSizes, NothingCutShortIsRead) {
    MessagePack out;
    append_bytes(out, bytes_of(std::string(GetParam(), 'x')));
    for (std::size_t size = 0; size < std::min<std::size_t>(out.size(), 300); ++size) {
        EXPECT_FALSE(read_plain_value(std::span(out).first(size))) << size;
    }
}

INSTANTIATE_TEST_SUITE_P(AroundEachForm, MessagePackSizes,
                         testing::Values(0, 1, 16, 31, 32, 255, 256, 65535, 65536, 100000));

TEST(MessagePack, AReferenceIsThePluginInterfacesHead) {
    MessagePack out;
    append_reference(out, {BufferContent::text, 7, 64, 1000});
    const auto payload = read(out).get_binary();
    EXPECT_EQ(payload.subtype(), POOLHOST_EXT_BUFFER);
    poolhost_buffer_head head{};
    ASSERT_EQ(payload.size(), sizeof head);
    std::memcpy(&head, payload.data(), sizeof head);
    EXPECT_EQ(head.what, POOLHOST_BUFFER_TEXT);
    EXPECT_EQ(head.id, 7U);
    EXPECT_EQ(head.offset, 64U);
    EXPECT_EQ(head.size, 1000U);
}

TEST(MessagePack, AReferenceReadsBack) {
    MessagePack out;
    append_reference(out, {BufferContent::bytes, 7, 64, 1000});
    const auto value = read_plain_value(out);
    ASSERT_TRUE(value);
    EXPECT_EQ(value->kind, PlainValue::Kind::reference);
    EXPECT_EQ(value->reference.id, 7U);
    EXPECT_EQ(value->reference.offset, 64U);
    EXPECT_EQ(value->reference.size, 1000U);
}

TEST(MessagePack, AnArrayHeadCountsWhatFollows) {
    MessagePack out;
    append_array_head(out, 2);
    append_text(out, "a");
    append_text(out, "b");
    EXPECT_EQ(read(out), json::array({"a", "b"}));
}

TEST(MessagePack, OtherValuesAreTold) {
    const auto kind = [](const json& value) {
        const auto octets = json::to_msgpack(value);
        return read_plain_value(std::as_bytes(std::span(octets)))->kind;
    };
    EXPECT_EQ(kind(nullptr), PlainValue::Kind::null);
    EXPECT_EQ(kind(7), PlainValue::Kind::other);
    EXPECT_EQ(kind(json::array({"a"})), PlainValue::Kind::other);
    EXPECT_EQ(kind("text"), PlainValue::Kind::text);
}

}  // namespace
}  // namespace poolhost::cli
