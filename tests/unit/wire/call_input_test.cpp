// SPDX-License-Identifier: Apache-2.0
#include "wire/call_input.hpp"

#include <poolhost/plugin.h>

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

namespace poolhost::wire {
namespace {

ByteSpan bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string reference(std::uint64_t id, std::uint64_t offset, std::uint64_t size) {
    const poolhost_buffer_head head{POOLHOST_BUFFER_BYTES, 0, 0, {}, id, offset, size};
    std::string text = "\xc7\x20\x02";
    text.append(reinterpret_cast<const char*>(&head), sizeof head);
    return text;
}

/// [reference, 7]
std::string arguments(std::uint64_t id, std::uint64_t offset, std::uint64_t size) {
    return "\x92" + reference(id, offset, size) + "\x07";
}

TEST(References, AreFoundHoweverDeep) {
    const std::string text = "\x92\x81\xa1k\x91" + reference(5, 64, 10) + reference(6, 0, 1);
    const auto found = find_references(bytes_of(text));
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(found->front().place.id, 5U);
    EXPECT_EQ(found->front().place.offset, 64U);
    EXPECT_EQ(found->front().place.size, 10U);
    std::uint64_t id = 0;
    std::memcpy(&id, text.data() + found->back().at, sizeof id);
    EXPECT_EQ(id, 6U);
}

TEST(References, AreNoneInWhatIsNoMessagePack) {
    EXPECT_FALSE(find_references(bytes_of("")));
    EXPECT_FALSE(find_references(bytes_of("\x92\x01")));
    EXPECT_FALSE(find_references(bytes_of("\x01\x02")));
    EXPECT_FALSE(find_references(bytes_of("\xc1")));
    EXPECT_FALSE(find_references(bytes_of("\xdf\xff\xff\xff\xff")));
}

TEST(UsedParts, EndWhereTheCallsInputEnds) {
    const CallInput input{arguments(8, 2, 3), {}, {7, 8}};
    const std::vector<ByteSpan> buffers{bytes_of("unused"), bytes_of("xxabcyyy")};
    const auto used = used_parts(input, buffers);
    ASSERT_EQ(used.size(), 2U);
    EXPECT_EQ(used[0].size(), 0U);
    EXPECT_EQ(used[1].size(), 5U);
}

TEST(UsedParts, AreAllOfABufferWhereTheArgumentsCannotBeUnderstood) {
    const CallInput beyond{arguments(8, 2, 300), {}, {8}};
    const std::vector<ByteSpan> buffers{bytes_of("xxabcyyy")};
    EXPECT_EQ(used_parts(beyond, buffers).at(0).size(), 8U);
}

TEST(InputDigest, IsTheSameWhereverTheInputLies) {
    const auto first = digest_of({arguments(8, 2, 3), {}, {8}}, std::vector<ByteSpan>{bytes_of("xxabcyyy")});
    const auto moved = digest_of({arguments(9, 0, 3), {}, {9}}, std::vector<ByteSpan>{bytes_of("abczz")});
    EXPECT_EQ(first, moved);
    const std::string placed = arguments(9, 0, 3);
    const CallInput by_place{"", BufferPlace{4, 0, placed.size()}, {4, 9}};
    EXPECT_EQ(digest_of(by_place, std::vector<ByteSpan>{bytes_of(placed), bytes_of("abc")}), first);
}

TEST(InputDigest, DiffersWithTheInput) {
    const auto first = digest_of({arguments(8, 2, 3), {}, {8}}, std::vector<ByteSpan>{bytes_of("xxabcyyy")});
    EXPECT_NE(digest_of({arguments(8, 3, 3), {}, {8}}, std::vector<ByteSpan>{bytes_of("xxabcyyy")}), first);
    EXPECT_NE(digest_of({arguments(8, 2, 3), {}, {8}}, std::vector<ByteSpan>{bytes_of("xxabdyyy")}), first);
    EXPECT_NE(digest_of({arguments(8, 2, 4), {}, {8}}, std::vector<ByteSpan>{bytes_of("xxabcyyy")}), first);
}

TEST(InputDigest, ExistsForAnything) {
    const std::vector<ByteSpan> buffers{bytes_of("ab")};
    EXPECT_NE(digest_of({"\xc1", {}, {8}}, buffers), digest_of({"\xc1\xc1", {}, {8}}, buffers));
    EXPECT_NE(digest_of({"", BufferPlace{5, 0, 1}, {8}}, buffers), digest_of({"", {}, {}}, {}));
}

}  // namespace
}  // namespace poolhost::wire
