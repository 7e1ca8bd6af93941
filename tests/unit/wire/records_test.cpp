// SPDX-License-Identifier: Apache-2.0
#include "wire/records.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

namespace poolhost::wire {
namespace {

std::vector<std::byte> bytes_of(const ResultHead& head, std::size_t payload) {
    std::vector<std::byte> bytes(sizeof head + payload);
    std::memcpy(bytes.data(), &head, sizeof head);
    return bytes;
}

TEST(Records, AResultIsReadInPlace) {
    const auto bytes = bytes_of({.sequence = 7, .item = 2, .status = ResultStatus::value, .size = 5}, 8);
    const auto message = read_worker_message(RecordKind::result, bytes);
    ASSERT_TRUE(message);
    const auto& view = std::get<ResultView>(*message);
    EXPECT_EQ(view.head.sequence, 7U);
    EXPECT_EQ(view.bytes.size(), 5U);
    EXPECT_EQ(view.bytes.data(), bytes.data() + sizeof(ResultHead));
}

TEST(Records, AResultLargerThanItsRecordIsRefused) {
    EXPECT_FALSE(read_worker_message(RecordKind::result, bytes_of({.size = 9}, 8)));
    EXPECT_FALSE(read_worker_message(RecordKind::result, bytes_of({.buffer_count = 2}, 8)));
    EXPECT_FALSE(read_worker_message(RecordKind::result, bytes_of({.buffer_count = 0xffffffff}, 64)));
}

TEST(Records, AnEmptyBatchIsRefused) {
    const BatchHead head{};
    EXPECT_FALSE(read_host_message(RecordKind::batch, std::as_bytes(std::span(&head, 1))));
}

TEST(Records, EachSideSaysOnlyItsOwn) {
    const std::vector<std::byte> empty(8);
    EXPECT_FALSE(read_worker_message(RecordKind::stop, empty));
    EXPECT_TRUE(read_host_message(RecordKind::stop, empty));
    EXPECT_FALSE(read_host_message(RecordKind::ready, empty));
    EXPECT_FALSE(read_worker_message(static_cast<RecordKind>(4711), empty));
}

TEST(Records, RandomBytesAreReadOrRefused) {
    std::mt19937 random(2);
    for (int round = 0; round < 50'000; ++round) {
        std::vector<std::byte> bytes(8 * (random() % 20));
        for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() % 3);
        const auto kind = static_cast<RecordKind>(random() % 24);
        (void)read_worker_message(kind, bytes);
        (void)read_host_message(kind, bytes);
    }
}

}  // namespace
}  // namespace poolhost::wire
