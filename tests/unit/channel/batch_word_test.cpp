// SPDX-License-Identifier: Apache-2.0
#include "channel/batch_word.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace poolhost::channel {
namespace {

TEST(BatchWord, ItemsAreTakenOneByOne) {
    Word64 word{0};
    open_batch(word, 9, 3);
    EXPECT_EQ(take_item(word, 9), 0);
    EXPECT_EQ(take_item(word, 9), 1);
    EXPECT_EQ(take_item(word, 9), 2);
    EXPECT_EQ(take_item(word, 9), std::nullopt);
}

TEST(BatchWord, AnotherBatchIsNotTouched) {
    Word64 word{0};
    open_batch(word, 25, 1);
    EXPECT_EQ(take_item(word, 9), std::nullopt);
    EXPECT_EQ(take_item(word, 25), 0);
}

TEST(BatchWord, WhatWasTakenCannotBeRevoked) {
    Word64 word{0};
    open_batch(word, 1, 10);
    take_item(word, 1);
    take_item(word, 1);
    const auto state = revoke_items(word, 0);
    ASSERT_TRUE(state);
    EXPECT_EQ(state->limit, 2);
    EXPECT_EQ(state->cursor, 2);
    EXPECT_EQ(take_item(word, 1), std::nullopt);
}

TEST(BatchWord, OnlyTheEndCanBeRevoked) {
    Word64 word{0};
    open_batch(word, 1, 10);
    EXPECT_EQ(revoke_items(word, 7)->limit, 7);
    EXPECT_EQ(revoke_items(word, 9)->limit, 7) << "the limit never grows";
}

// A forged word that never stands still must not hold the host.
TEST(BatchWord, AWordThatNeverStandsStillIsGivenUp) {
    Word64 word{0};
    std::atomic<bool> done = false;
    std::thread forger([&] {
        for (std::uint16_t i = 0; !done; ++i) word.store(pack({1, 0xffff, i}));
    });
    for (int i = 0; i < 100; ++i) static_cast<void>(revoke_items(word, 0));
    done = true;
    forger.join();
}

// Each item is either taken or revoked, never both and never neither, however the two race.
TEST(BatchWord, ARaceLosesNothing) {
    for (int round = 0; round < 300; ++round) {
        Word64 word{0};
        constexpr std::uint16_t count = 1000;
        open_batch(word, 1, count);
        std::vector<int> taken;
        std::thread worker([&] {
            while (const auto item = take_item(word, 1)) taken.push_back(*item);
        });
        std::uint16_t limit = count;
        for (std::uint16_t keep = count; keep > 0 && limit > 0; --keep) limit = revoke_items(word, keep)->limit;
        limit = revoke_items(word, 0)->limit;
        worker.join();
        ASSERT_EQ(taken.size(), limit);
    }
}

}  // namespace
}  // namespace poolhost::channel
