// SPDX-License-Identifier: Apache-2.0
// What the host makes of a stack area, whatever the worker wrote there.
#include "channel/stack_area.hpp"

#include "channel/channel.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <thread>

#include <sys/mman.h>
#include <unistd.h>

namespace poolhost::channel {
namespace {

struct StackAreaTest : testing::Test {
    /// As an honest worker leaves it.
    void write_honestly() {
        area->signal = 11;
        area->code = 1;
        area->address = 0x10;
        area->call = call_number(7, 3);
        area->thread = 4711;
        area->data_size = 1 << 20;
        area->register_count = 2;
        area->registers = {1, 2};
        area->stack_begin = 0x7fff0000;
        area->stack_size = 4;
        area->maps_size = 5;
        std::memcpy(area->stack.data(), "STAK", 4);
        std::memcpy(area->maps.data(), "maps\n", 5);
        area->version.store(2);
    }
    std::unique_ptr<StackArea> area = std::make_unique<StackArea>();
};

TEST_F(StackAreaTest, WhatWasWrittenIsRead) {
    write_honestly();
    const auto sample = read_stack(*area);
    ASSERT_TRUE(sample);
    EXPECT_EQ(sample->signal, 11);
    EXPECT_EQ(sample->code, 1);
    EXPECT_EQ(sample->address, 0x10U);
    EXPECT_EQ(sample->call, call_number(7, 3));
    EXPECT_EQ(sample->thread, 4711);
    EXPECT_EQ(sample->data_size, 1U << 20);
    EXPECT_EQ(sample->registers, (std::vector<std::uint64_t>{1, 2}));
    EXPECT_EQ(sample->stack_begin, 0x7fff0000U);
    EXPECT_EQ(sample->stack, "STAK");
    EXPECT_EQ(sample->maps, "maps\n");
}

TEST_F(StackAreaTest, NothingIsReadBeforeAnythingWasWritten) { EXPECT_FALSE(read_stack(*area)); }

TEST_F(StackAreaTest, WhatIsHalfWrittenIsNotRead) {
    write_honestly();
    area->version.store(3);
    EXPECT_FALSE(read_stack(*area));
}

TEST_F(StackAreaTest, SizesBeyondTheAreaAreNotBelieved) {
    for (const std::uint32_t size : {UINT32_MAX, 1U << 31, 300'000U}) {
        write_honestly();
        area->stack_size = size;
        EXPECT_FALSE(read_stack(*area));
        write_honestly();
        area->maps_size = size;
        EXPECT_FALSE(read_stack(*area));
        write_honestly();
        area->register_count = size;
        EXPECT_FALSE(read_stack(*area));
    }
}

TEST_F(StackAreaTest, RandomBytesHarmNobody) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 2000; ++round) {
        auto* const bytes = reinterpret_cast<unsigned char*>(area.get());
        for (std::size_t i = 0; i < offsetof(StackArea, stack); ++i) bytes[i] = static_cast<unsigned char>(random());
        // So that some of them are looked at more closely.
        if (random() % 2 == 0) area->version.store(2 * (random() % 100));
        if (random() % 2 == 0) area->register_count %= std::uint32_t{most_registers + 2};
        if (random() % 2 == 0) area->stack_size %= std::uint32_t{most_stack + 2};
        if (random() % 2 == 0) area->maps_size %= std::uint32_t{most_maps + 2};
        const auto sample = read_stack(*area);
        if (!sample) continue;
        EXPECT_LE(sample->registers.size(), most_registers);
        EXPECT_LE(sample->stack.size(), most_stack);
        EXPECT_LE(sample->maps.size(), most_maps);
    }
}

// All bytes of a sample are the same; a reader that mixed two of them would see that.
TEST_F(StackAreaTest, NoTwoSamplesAreMixed) {
    std::atomic<bool> over = false;
    std::thread worker([&] {
        for (std::uint64_t turn = 1; !over; ++turn) {
            area->version.store(2 * turn - 1, std::memory_order_relaxed);
            std::atomic_thread_fence(std::memory_order_release);
            area->stack_size = most_stack;
            area->stack_begin = turn % 128;
            std::memset(area->stack.data(), static_cast<int>(turn % 128), most_stack);
            area->version.store(2 * turn, std::memory_order_release);
            if (turn % 4 == 0) std::this_thread::yield();
        }
    });
    for (int seen = 0; seen < 200;) {
        const auto sample = read_stack(*area);
        if (!sample) continue;
        ++seen;
        const std::string expected(most_stack, static_cast<char>(sample->stack_begin));
        EXPECT_EQ(sample->stack, expected);
    }
    over = true;
    worker.join();
}

struct Ends {
    Channel host;
    Channel worker;
};

Ends connect() {
    auto sockets = base::make_socket_pair();
    auto host = Channel::open(std::move(sockets->first), {});
    auto worker = Channel::accept(std::move(sockets->second));
    return {std::move(*host), std::move(worker->channel)};
}

TEST(StackAreaOfAChannel, IsSharedByBothSides) {
    const Ends ends = connect();
    EXPECT_FALSE(read_stack(ends.host.stack_area()));
    ends.worker.stack_area().signal = 6;
    ends.worker.stack_area().version.store(2);
    ASSERT_TRUE(read_stack(ends.host.stack_area()));
    EXPECT_EQ(read_stack(ends.host.stack_area())->signal, 6);
}

TEST(StackAreaOfAChannel, CostsNoMemoryUntilItIsUsed) {
    const Ends ends = connect();
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> present(stack_area_size / page);
    ASSERT_EQ(::mincore(&ends.worker.stack_area(), stack_area_size, present.data()), 0);
    for (const unsigned char each : present) EXPECT_EQ(each & 1, 0);
}

TEST(StackAreaOfAChannel, WakesAHostThatWaits) {
    Ends ends = connect();
    ring_for_stack(ends.worker.socket());
    EXPECT_EQ(*ends.host.drain_socket(base::Blocking::yes), PeerState::present);
    for (int i = 0; i < 100'000; ++i) ring_for_stack(ends.worker.socket());  // nobody listens: it is not to block
    EXPECT_EQ(*ends.host.drain_socket(base::Blocking::no), PeerState::present);
}

}  // namespace
}  // namespace poolhost::channel
