// SPDX-License-Identifier: Apache-2.0
// Both ends of a channel in one process.
#include "channel/channel.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include <poll.h>

namespace poolhost::channel {
namespace {

using base::Blocking;
using wire::RecordKind;

struct Ends {
    Channel host;
    Channel worker;
    std::vector<std::byte> description;
};

Ends connect(const std::string& description = "who you are") {
    auto sockets = base::make_socket_pair();
    auto host = Channel::open(std::move(sockets->first), std::as_bytes(std::span(description)));
    auto worker = Channel::accept(std::move(sockets->second));
    return {std::move(*host), std::move(worker->channel), std::move(worker->description)};
}

bool has_mail(const Channel& channel) {
    pollfd entry{channel.socket(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
}

TEST(Channel, TheDescriptionArrivesWhateverItsSize) {
    EXPECT_EQ(connect("").description.size(), 0U);
    EXPECT_EQ(connect(std::string(1'000'000, 'd')).description.size(), 1'000'000U);
}

TEST(Channel, RecordsTravelBothWays) {
    Ends ends = connect();
    const std::string text = "hello";
    ASSERT_TRUE(ends.host.send(RecordKind::stop, std::as_bytes(std::span(text))));
    ASSERT_TRUE(ends.worker.send(RecordKind::retiring, std::as_bytes(std::span(text))));
    EXPECT_EQ(ends.worker.reader().front()->kind, RecordKind::stop);
    EXPECT_EQ(ends.host.reader().front()->kind, RecordKind::retiring);
}

TEST(Channel, TheDoorbellRingsOnceForASleeper) {
    Ends ends = connect();
    EXPECT_EQ(*ends.host.ring_doorbell(), PeerState::present);
    EXPECT_FALSE(has_mail(ends.worker)) << "nobody sleeps";
    EXPECT_TRUE(ends.worker.announce_sleep());
    ends.host.send(RecordKind::stop, {});
    EXPECT_EQ(*ends.host.ring_doorbell(), PeerState::present);
    EXPECT_EQ(*ends.host.ring_doorbell(), PeerState::present);
    EXPECT_EQ(*ends.worker.drain_socket(Blocking::yes), PeerState::present);
    EXPECT_FALSE(has_mail(ends.worker)) << "one doorbell is enough";
    ends.worker.announce_awake();
    EXPECT_FALSE(ends.worker.announce_sleep()) << "there is a record to read first";
}

TEST(Channel, TheEndOfTheOtherSideIsSeen) {
    Ends ends = connect();
    { const Channel gone = std::move(ends.worker); }
    EXPECT_EQ(*ends.host.drain_socket(Blocking::no), PeerState::gone);
}

TEST(Channel, ABufferIsReadWhereItWasWritten) {
    Ends ends = connect();
    BufferPool pool(base::Seal::size, 1 << 20);
    const BufferRef buffer = *pool.acquire(100'000);
    std::memcpy(buffer->bytes().data(), "large", 5);
    ASSERT_EQ(*ends.worker.share(buffer, Blocking::no), base::SendOutcome::sent);
    const auto seen = ends.host.peer_buffer(buffer->id());
    ASSERT_TRUE(seen);
    EXPECT_EQ(std::memcmp((*seen)->mapping.data(), "large", 5), 0);
    EXPECT_FALSE(ends.host.peer_buffer(4711));
}

TEST(Channel, ABufferIsSentOnce) {
    Ends ends = connect();
    BufferPool pool(base::Seal::size_and_writers, 1 << 20);
    const BufferRef buffer = *pool.acquire(100);
    ends.host.share(buffer, Blocking::no).value();
    ends.worker.drain_socket(Blocking::no).value();
    ends.host.share(buffer, Blocking::no).value();
    EXPECT_FALSE(has_mail(ends.worker));
}

TEST(Channel, ABufferThatEndsIsReported) {
    Ends ends = connect();
    BufferPool pool(base::Seal::size, 0);
    BufferRef buffer = *pool.acquire(100);
    const std::uint64_t id = buffer->id();
    ends.host.share(buffer, Blocking::no).value();
    buffer.reset();
    EXPECT_EQ(ends.host.take_forgotten(), std::vector{id});
}

TEST(Channel, AnUnsealedBufferIsRefused) {
    Ends ends = connect();
    const auto memory = base::make_memory("unsealed", 4096);
    struct {
        std::uint64_t notice = 2, id = 1, size = 4096;
    } notice;
    const int fd = memory->get();
    base::send_message(ends.worker.socket(), std::as_bytes(std::span(&notice, 1)), std::span(&fd, 1), Blocking::no)
        .value();
    EXPECT_FALSE(ends.host.drain_socket(Blocking::no));
}

TEST(Channel, ARecordOfTheLargestSizeIsSent) {
    Ends ends = connect();
    const std::vector<std::byte> largest(largest_encoded);
    EXPECT_TRUE(ends.host.send(RecordKind::forget_buffers, largest));
    EXPECT_GE(ends.worker.reader().front()->payload.size(), largest.size());
}

TEST(Channel, AFloodOfDoorbellsEndsTheLink) {
    Ends ends = connect();
    const std::uint64_t doorbell = 1;
    base::Result<PeerState> drained = PeerState::present;
    for (int i = 0; i < 5000 && drained; ++i) {
        base::send_message(ends.worker.socket(), std::as_bytes(std::span(&doorbell, 1)), {}, Blocking::no).value();
        drained = ends.host.drain_socket(Blocking::no);
    }
    EXPECT_FALSE(drained);
}

TEST(Channel, OneDoorbellASleepIsNoFlood) {
    Ends ends = connect();
    for (int i = 0; i < 5000; ++i) {
        EXPECT_TRUE(ends.host.announce_sleep());
        ASSERT_TRUE(ends.worker.ring_doorbell());
        ASSERT_TRUE(ends.host.drain_socket(Blocking::no));
        ends.host.announce_awake();
    }
}

TEST(Channel, ManyMessagesAreTakenInTurns) {
    Ends ends = connect();
    BufferPool pool(base::Seal::size, 1 << 20);
    std::vector<BufferRef> buffers;
    for (int i = 0; i < 100; ++i) {
        buffers.push_back(*pool.acquire(100));
        ASSERT_EQ(*ends.worker.share(buffers.back(), Blocking::no), base::SendOutcome::sent);
    }
    EXPECT_EQ(*ends.host.drain_socket(Blocking::no), PeerState::present);
    EXPECT_TRUE(has_mail(ends.host)) << "the rest is for the next turn";
    EXPECT_TRUE(ends.host.peer_buffer(buffers.back()->id())) << "unless it is needed now";
}

TEST(Channel, AWorkerIsToldThatItSharesTooMuch) {
    Ends ends = connect();
    BufferPool pool(base::Seal::size, 1 << 20);
    std::vector<BufferRef> buffers;
    base::Result<base::SendOutcome> sent = base::SendOutcome::sent;
    while (sent && buffers.size() <= most_worker_buffers) {
        buffers.push_back(*pool.acquire(100));
        sent = ends.worker.share(buffers.back(), Blocking::no);
        ASSERT_TRUE(ends.host.drain_socket(Blocking::no)) << "the host bears with every honest worker";
    }
    EXPECT_EQ(buffers.size(), most_worker_buffers + 1);
    buffers.resize(10);
    EXPECT_GT(ends.worker.take_forgotten().size(), 0U);
    EXPECT_TRUE(ends.worker.share(*pool.acquire(100), Blocking::no));
}

TEST(Channel, NonsenseOnTheSocketIsRefused) {
    Ends ends = connect();
    const std::string nonsense = "nonsense";
    base::send_message(ends.worker.socket(), std::as_bytes(std::span(nonsense)), {}, Blocking::no).value();
    EXPECT_FALSE(ends.host.drain_socket(Blocking::no));
}

}  // namespace
}  // namespace poolhost::channel
