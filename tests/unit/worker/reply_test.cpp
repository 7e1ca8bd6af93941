// SPDX-License-Identifier: Apache-2.0
#include "worker/reply.hpp"

#include "channel/layout.hpp"

#include <poolhost/sdk/encoder.hpp>

#include <gmock/gmock.h>

#include <cstring>

namespace poolhost::worker {
namespace {

using testing::HasSubstr;
using wire::ResultEncoding;

class Replies : public testing::Test {
protected:
    channel::BufferPool pool{base::Seal::size, 1 << 20};
    Allocations allocations{pool};
    Reply reply{pool};

    base::Result<void> set(std::string_view value) { return reply.set(std::as_bytes(std::span(value)), allocations); }
    std::string bytes() const { return {reinterpret_cast<const char*>(reply.bytes().data()), reply.bytes().size()}; }
    std::string bytes_in_buffer() const {
        wire::BufferPlace place;
        std::memcpy(&place, reply.bytes().data(), sizeof place);
        const auto memory = reply.buffers().back()->bytes().subspan(place.offset, place.size);
        return {reinterpret_cast<const char*>(memory.data()), memory.size()};
    }
};

TEST_F(Replies, AreNullUntilSomethingIsSaid) {
    reply.begin(ResultEncoding::messagepack);
    EXPECT_EQ(bytes(), "\xc0");
    reply.begin(ResultEncoding::json);
    EXPECT_EQ(bytes(), "null");
    EXPECT_FALSE(reply.was_set());
}

TEST_F(Replies, TakeTheEncodingThatWasAskedFor) {
    reply.begin(ResultEncoding::messagepack);
    ASSERT_TRUE(set("\x92\x01\xc3"));
    EXPECT_EQ(bytes(), "\x92\x01\xc3");
    reply.begin(ResultEncoding::json);
    ASSERT_TRUE(set("\x92\x01\xc3"));
    EXPECT_EQ(bytes(), "[1,true]");
    EXPECT_TRUE(reply.was_set());
}

TEST_F(Replies, TooLargeForTheRingLieInABuffer) {
    detail::encoder out;
    out.string(std::string(channel::max_inline, 'x'));
    for (const auto encoding : {ResultEncoding::messagepack, ResultEncoding::json}) {
        reply.begin(encoding);
        ASSERT_TRUE(set(out.written()));
        ASSERT_TRUE(reply.in_buffer());
        EXPECT_THAT(bytes_in_buffer(), HasSubstr("xxx"));
        EXPECT_GT(bytes_in_buffer().size(), channel::max_inline);
    }
    reply.begin(ResultEncoding::json);
    EXPECT_FALSE(reply.in_buffer());
    EXPECT_TRUE(reply.buffers().empty());
}

TEST_F(Replies, InAllocatedMemoryStayThere) {
    const auto memory = allocations.allocate(100'000);
    detail::encoder out;
    out.buffer({POOLHOST_BUFFER_BYTES, 0, 0, {}, memory.id, 0, 100'000}, {});
    reply.begin(ResultEncoding::messagepack);
    ASSERT_TRUE(set(out.written()));
    EXPECT_FALSE(reply.in_buffer());
    ASSERT_EQ(reply.buffers().size(), 1U);
    EXPECT_EQ(reply.buffers()[0]->bytes().data(), memory.data);
}

TEST_F(Replies, InAllocatedMemoryAreWrittenOutAsJson) {
    const auto memory = allocations.allocate(2);
    std::memcpy(memory.data, "hi", 2);
    detail::encoder out;
    out.buffer({POOLHOST_BUFFER_BYTES, 0, 0, {}, memory.id, 0, 2}, {});
    reply.begin(ResultEncoding::json);
    ASSERT_TRUE(set(out.written()));
    EXPECT_EQ(bytes(), R"({"$bytes":"aGk="})");
    EXPECT_TRUE(reply.buffers().empty());
}

TEST_F(Replies, AreCheckedInBothEncodings) {
    for (const auto encoding : {ResultEncoding::messagepack, ResultEncoding::json}) {
        reply.begin(encoding);
        EXPECT_FALSE(set("\xc1"));
        reply.begin(encoding);
        EXPECT_FALSE(set("\x01\x02"));
        reply.begin(encoding);
        EXPECT_FALSE(set(""));
    }
}

TEST_F(Replies, MemoryIsReusedOnceNobodyNeedsIt) {
    const auto first = allocations.allocate(100'000);
    allocations.clear();
    const auto second = allocations.allocate(100'000);
    EXPECT_EQ(first.data, second.data);
}

TEST_F(Replies, AbsurdMemoryIsNotToBeHad) {
    EXPECT_EQ(allocations.allocate(UINT64_MAX).data, nullptr);
    EXPECT_EQ(allocations.allocate(std::uint64_t{1} << 60).data, nullptr);
    EXPECT_NE(allocations.allocate(0).data, nullptr);
}

}  // namespace
}  // namespace poolhost::worker
