// SPDX-License-Identifier: Apache-2.0
// Descriptors that another process sends as shared buffers: taken only where they are what was announced.
#include "channel/peer_buffers.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace poolhost::channel {
namespace {

constexpr std::size_t page = 4096;

base::UniqueFd sealed_memory(std::size_t size = page) {
    auto fd = base::make_memory("buffer", size).value();
    base::seal_memory(fd.get(), base::Seal::size).value();
    return fd;
}

std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

TEST(PeerBuffers, ASealedBufferIsKnownUntilItIsForgotten) {
    PeerBuffers buffers{PeerBounds{}};
    ASSERT_TRUE(buffers.add(7, page, sealed_memory()));
    const auto held = buffers.find(7);
    ASSERT_NE(held, nullptr);
    EXPECT_EQ(held->mapping.size(), page);
    buffers.forget(7);
    EXPECT_EQ(buffers.find(7), nullptr);
    EXPECT_EQ(held->mapping.bytes()[page - 1], std::byte{0}) << "whoever holds it may go on reading";
}

TEST(PeerBuffers, WhatIsNoSealedMemoryIsRefusedAndClosed) {
    const auto before = open_descriptors();
    {
        PeerBuffers buffers{PeerBounds{}};
        const auto refused = [&](int fd) { return !buffers.add(1, page, base::UniqueFd(fd)); };
        EXPECT_TRUE(refused(base::make_memory("unsealed", page)->release()));
        EXPECT_TRUE(refused(::open("/proc/self/exe", O_RDONLY)));
        EXPECT_TRUE(refused(::open("/proc/self/exe", O_PATH)));
        EXPECT_TRUE(refused(::open("/", O_DIRECTORY)));
        EXPECT_TRUE(refused(::open("/dev/zero", O_RDWR)));
        EXPECT_TRUE(refused(::epoll_create1(0)));
        EXPECT_TRUE(refused(base::make_socket_pair()->first.release()));
        EXPECT_TRUE(refused(base::make_pipe()->first.release()));
        EXPECT_TRUE(refused(-1));
        EXPECT_EQ(buffers.find(1), nullptr);
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST(PeerBuffers, HugePagesAreRefused) {
    const int fd = ::memfd_create("huge", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB);
    if (fd < 0) GTEST_SKIP() << "this kernel has no huge pages";
    constexpr std::size_t huge = std::size_t{1} << 30;
    base::UniqueFd memory(fd);
    ASSERT_EQ(::ftruncate(fd, huge), 0);
    ASSERT_TRUE(base::seal_memory(fd, base::Seal::size));
    PeerBuffers buffers{PeerBounds{}};
    EXPECT_FALSE(buffers.add(1, huge, std::move(memory)));
}

TEST(PeerBuffers, AnotherSizeThanAnnouncedIsRefused) {
    PeerBuffers buffers{PeerBounds{}};
    EXPECT_FALSE(buffers.add(1, 2 * page, sealed_memory()));
    EXPECT_FALSE(buffers.add(1, page / 2, sealed_memory()));
    EXPECT_FALSE(buffers.add(1, 0, sealed_memory(0)));
    EXPECT_FALSE(buffers.add(1, ~std::uint64_t{0}, sealed_memory()));
}

TEST(PeerBuffers, AnIdIsAnnouncedOnce) {
    PeerBuffers buffers{PeerBounds{}};
    ASSERT_TRUE(buffers.add(1, page, sealed_memory()));
    EXPECT_FALSE(buffers.add(1, page, sealed_memory()));
}

TEST(PeerBuffers, BoundsCountWhatIsStillHeld) {
    PeerBuffers buffers{PeerBounds{.buffers = 2, .bytes = 100 * page}};
    ASSERT_TRUE(buffers.add(1, page, sealed_memory()));
    ASSERT_TRUE(buffers.add(2, page, sealed_memory()));
    EXPECT_FALSE(buffers.add(3, page, sealed_memory()));
    auto held = buffers.find(1);
    buffers.forget(1);
    EXPECT_FALSE(buffers.add(3, page, sealed_memory())) << "somebody still reads the first";
    held.reset();
    EXPECT_TRUE(buffers.add(3, page, sealed_memory()));
}

TEST(PeerBuffers, HugeMemoryIsRefusedBeforeItIsMapped) {
    constexpr std::size_t absurd = std::size_t{1} << 45;
    PeerBuffers buffers{PeerBounds{.buffers = 10, .bytes = absurd / 2}};
    EXPECT_FALSE(buffers.add(1, absurd, sealed_memory(absurd)));
    ASSERT_TRUE(buffers.add(2, absurd / 4, sealed_memory(absurd / 4)));
    EXPECT_TRUE(buffers.add(3, absurd / 4, sealed_memory(absurd / 4)));
    EXPECT_FALSE(buffers.add(4, page, sealed_memory()));
}

}  // namespace
}  // namespace poolhost::channel
