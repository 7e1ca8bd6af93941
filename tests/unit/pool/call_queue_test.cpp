// SPDX-License-Identifier: Apache-2.0
#include "pool/call_queue.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace poolhost::pool {
namespace {

class Queue : public ::testing::Test {
protected:
    Call& add(std::uint32_t client, std::uint32_t task = 0) {
        Call& call = calls.emplace_back();
        call.request.client = ClientId{client};
        call.request.task = TaskId{task};
        queue.push_back(call);
        return call;
    }
    std::vector<Call*> pop(std::size_t most) {
        std::vector<Call*> batch;
        queue.pop_batch(most, batch);
        return batch;
    }

    std::deque<Call> calls;
    CallQueue queue;
};

TEST_F(Queue, FirstInFirstOut) {
    Call& first = add(1);
    Call& second = add(1);
    Call& third = add(1);
    EXPECT_EQ(queue.size(), 3U);
    EXPECT_EQ(pop(2), (std::vector{&first, &second}));
    EXPECT_EQ(pop(2), std::vector{&third});
    EXPECT_TRUE(queue.empty());
}

TEST_F(Queue, ABatchHasOneTask) {
    Call& square = add(1, 0);
    Call& mean = add(1, 5);
    EXPECT_EQ(pop(10), std::vector{&square});
    EXPECT_EQ(pop(10), std::vector{&mean});
}

TEST_F(Queue, ClientsTakeTurns) {
    for (int i = 0; i < 100; ++i) add(1);
    Call& single = add(2);
    pop(10);
    EXPECT_EQ(pop(10), std::vector{&single}) << "behind one batch of the other client, not behind all its calls";
}

TEST_F(Queue, WhatCameBackGoesFirst) {
    Call& first = add(1);
    add(1);
    pop(1);
    queue.push_front(first);
    EXPECT_EQ(queue.front(), &first);
}

TEST_F(Queue, ACallCanBeTakenOutAnywhere) {
    Call& first = add(1);
    Call& second = add(1);
    Call& third = add(1);
    queue.remove(second);
    queue.remove(third);
    Call& fourth = add(1);
    EXPECT_EQ(pop(10), (std::vector{&first, &fourth}));
    Call& alone = add(1);
    queue.remove(alone);
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.front(), nullptr);
}

}  // namespace
}  // namespace poolhost::pool
