// SPDX-License-Identifier: Apache-2.0
#include "channel/ring.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace poolhost::channel {
namespace {

using wire::RecordKind;

class Ring : public ::testing::Test {
protected:
    bool write(const std::string& text) {
        const auto space = writer.reserve(RecordKind::log_line, text.size());
        if (!space) return false;
        std::memcpy(space->data(), text.data(), text.size());
        writer.commit();
        return true;
    }
    // A payload is padded to eight bytes with what lay there before, so texts carry their own length.
    std::optional<std::string> read(std::size_t size) {
        const auto record = reader.front();
        if (!record) return std::nullopt;
        std::string text(reinterpret_cast<const char*>(record->payload.data()), size);
        reader.pop();
        return text;
    }

    std::vector<std::byte> memory = std::vector<std::byte>(ring_size);
    Word64 tail{0};
    Word64 head{0};
    RingWriter writer{memory, tail, head};
    RingReader reader{memory, tail, head};
};

TEST_F(Ring, RecordsComeOutInOrder) {
    EXPECT_TRUE(reader.empty());
    write("first");
    write("second");
    EXPECT_FALSE(reader.empty());
    EXPECT_EQ(read(5), "first");
    EXPECT_EQ(read(6), "second");
    EXPECT_EQ(reader.front(), std::nullopt);
    EXPECT_EQ(writer.unread(), 0U);
}

TEST_F(Ring, WhatIsReservedOnlyIsNotSeen) {
    ASSERT_TRUE(writer.reserve(RecordKind::log_line, 10));
    EXPECT_TRUE(reader.empty());
}

TEST_F(Ring, WrapsWithRecordsOfAllSizes) {
    std::mt19937 random(3);
    std::deque<std::string> expected;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text(random() % 2000, static_cast<char>('a' + i % 26));
        if (write(text)) {
            expected.push_back(text);
            continue;
        }
        ASSERT_FALSE(expected.empty());
        while (!expected.empty()) {
            ASSERT_EQ(read(expected.front().size()), expected.front());
            expected.pop_front();
        }
    }
    EXPECT_FALSE(writer.corrupt());
    EXPECT_FALSE(reader.corrupt());
}

TEST_F(Ring, AFullRingTakesNothingAndLosesNothing) {
    const std::string text(max_record / 2, 'x');
    int written = 0;
    while (write(text)) ++written;
    EXPECT_GE(written, 7);
    EXPECT_EQ(read(text.size()), text);
    EXPECT_TRUE(write(text));
}

TEST_F(Ring, AForgedHeadIsFoundOut) {
    head = 1'000'000;
    while (write(std::string(1000, 'x'))) {
    }
    EXPECT_TRUE(writer.corrupt());
}

TEST_F(Ring, AForgedTailIsFoundOut) {
    tail = ring_size + 8;
    EXPECT_EQ(reader.front(), std::nullopt);
    EXPECT_TRUE(reader.corrupt());
}

TEST_F(Ring, ForgedSizesAreFoundOut) {
    for (const std::uint32_t size : {0U, 4U, 7U, 12U, 4096U, 0xfffffff8U}) {
        RingReader fresh(memory, tail, head);
        const RecordHead forged{size, RecordKind::result};
        std::memcpy(memory.data(), &forged, sizeof forged);
        tail = 64;
        EXPECT_EQ(fresh.front(), std::nullopt) << size;
        EXPECT_TRUE(fresh.corrupt()) << size;
    }
}

TEST_F(Ring, RandomMemoryIsReadWithinItsBounds) {
    std::mt19937_64 random(4);
    for (int round = 0; round < 2'000; ++round) {
        for (std::size_t i = 0; i < 4096; ++i) memory[i] = static_cast<std::byte>(random() % 4 == 0 ? random() : 0);
        tail = random() % (ring_size + 16);
        head = 0;
        RingReader fresh(memory, tail, head);
        std::size_t sum = 0;
        while (const auto record = fresh.front()) {
            for (const std::byte byte : record->payload) sum += static_cast<std::size_t>(byte);
            fresh.pop();
        }
        EXPECT_TRUE(fresh.corrupt() || fresh.empty()) << sum;
    }
}

}  // namespace
}  // namespace poolhost::channel
