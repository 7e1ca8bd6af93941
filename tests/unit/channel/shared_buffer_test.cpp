// SPDX-License-Identifier: Apache-2.0
#include "channel/shared_buffer.hpp"

#include <gtest/gtest.h>

#include <sys/mman.h>

namespace poolhost::channel {
namespace {

constexpr std::size_t mebibyte = 1 << 20;

TEST(SharedBuffer, IsUsedAgain) {
    BufferPool pool(base::Seal::size, 10 * mebibyte);
    auto first = pool.acquire(mebibyte);
    ASSERT_TRUE(first);
    const std::uint64_t id = (*first)->id();
    first->reset();
    EXPECT_EQ(pool.kept(), mebibyte);
    auto second = pool.acquire(mebibyte - 5);
    ASSERT_TRUE(second);
    EXPECT_EQ((*second)->id(), id);
    EXPECT_EQ(pool.kept(), 0U);
}

TEST(SharedBuffer, TwoAtATimeAreTwo) {
    BufferPool pool(base::Seal::size, 10 * mebibyte);
    const auto first = pool.acquire(100);
    const auto second = pool.acquire(100);
    EXPECT_NE((*first)->id(), (*second)->id());
}

TEST(SharedBuffer, BeyondItsBoundThePoolKeepsNothing) {
    BufferPool pool(base::Seal::size, mebibyte);
    const auto told = std::make_shared<PendingIds>();
    {
        const auto large = pool.acquire(4 * mebibyte);
        (*large)->told(told);
    }
    EXPECT_EQ(pool.kept(), 0U);
    EXPECT_EQ(told->ids.size(), 1U) << "whoever mapped it has to hear that it is gone";
}

TEST(SharedBuffer, OutlivesItsPool) {
    BufferRef buffer;
    {
        BufferPool pool(base::Seal::size, mebibyte);
        buffer = *pool.acquire(100);
    }
    buffer->bytes()[0] = std::byte{1};
}

TEST(SharedBuffer, NobodyElseCanWriteASealedOne) {
    BufferPool pool(base::Seal::size_and_writers, mebibyte);
    const auto buffer = pool.acquire(4096);
    ASSERT_TRUE(buffer);
    EXPECT_FALSE(base::map_memory((*buffer)->fd(), 4096, base::Access::read_write));
    const auto reading = base::map_memory((*buffer)->fd(), 4096, base::Access::read_only);
    ASSERT_TRUE(reading);
    EXPECT_NE(::mprotect(reading->data(), 4096, PROT_READ | PROT_WRITE), 0);
    (*buffer)->bytes()[7] = std::byte{42};
    EXPECT_EQ(reading->data()[7], std::byte{42});
}

TEST(SharedBuffer, ClassesWasteLittle) {
    EXPECT_EQ(buffer_class(1), 64U * 1024);
    EXPECT_EQ(buffer_class(100'000), 128U * 1024);
    for (std::size_t size = mebibyte + 1; size < 300 * mebibyte; size = size * 5 / 4) {
        EXPECT_GE(buffer_class(size), size);
        EXPECT_LE(buffer_class(size), size + size / 8 + 4096);
    }
}

}  // namespace
}  // namespace poolhost::channel
