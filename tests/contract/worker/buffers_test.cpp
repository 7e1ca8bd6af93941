// SPDX-License-Identifier: Apache-2.0
// Large arguments and results, which travel in shared memory, and a ring that is full.
#include "contract/worker/running_worker.hpp"

#include "wire/encoder.hpp"

#include <gmock/gmock.h>
#include <poolhost/sdk/encoder.hpp>

#include <algorithm>
#include <cstring>

#include <sched.h>
#include <sys/socket.h>

namespace poolhost::test {
namespace {

using testing::HasSubstr;
using wire::Encoding;
using wire::ResultEncoding;

class Buffers : public RunningWorker {};
POOLHOST_FOR_EVERY_BIRTH(Buffers);

std::string reference_to(std::uint64_t id, std::uint64_t offset, std::uint64_t size) {
    detail::encoder out;
    out.list(1);
    out.buffer({POOLHOST_BUFFER_BYTES, 0, 0, {}, id, offset, size}, {});
    return std::string(out.written());
}

void release(HostEnd& host, const Result& result) {
    host.send(wire::RecordKind::release_buffers, wire::encode(wire::ReleaseBuffers{result.buffers}));
}

TEST_P(Buffers, ArgumentsOfEveryEncodingCanLieInABuffer) {
    HostEnd& host = start({test_plugin("large"), test_plugin("echo")});
    const std::string text(100'000, 'a');
    for (const Item& item :
         {host.in_buffer(text, Encoding::text_item), host.in_buffer("\"" + text + "\"", Encoding::json_item),
          host.in_buffer("[\"" + text + "\"]", Encoding::json),
          host.in_buffer(messagepack("[\"" + text + "\"]"), Encoding::messagepack)}) {
        const Result result = host.call("echo.text", item);
        EXPECT_TRUE(result.in_buffer());
        EXPECT_EQ(result.value, "\"" + text + "\"");
        release(host, result);
    }
}

TEST_P(Buffers, ArgumentCanReferToABuffer) {
    HostEnd& host = start({test_plugin("large"), demanding()});
    const auto id = host.share(std::string(3'000'000, 'z'));
    const auto call = [&](std::uint64_t offset, std::uint64_t size) {
        return host.call("large.size", {.bytes = reference_to(id, offset, size), .encoding = Encoding::messagepack});
    };
    EXPECT_EQ(call(0, 3'000'000).value, "3000000");
    EXPECT_EQ(call(64, 1000).value, "1000");
    EXPECT_THAT(call(64, 1 << 30).error->message, HasSubstr("beyond the end"));
    const Result address =
        host.call("demanding.address_of", {.bytes = reference_to(id, 128, 1000), .encoding = Encoding::messagepack});
    EXPECT_EQ(std::stoull(address.value) % 64, 0U);
    const Result unknown =
        host.call("large.size", {.bytes = reference_to(4711, 0, 1), .encoding = Encoding::messagepack});
    EXPECT_TRUE(unknown.error);
}

TEST_P(Buffers, PlaceBeyondItsBufferHarmsNobody) {
    HostEnd& host = start({test_plugin("echo")});
    Item item = host.in_buffer("\"hello\"", Encoding::json_item);
    wire::BufferPlace place;
    std::memcpy(&place, item.bytes.data(), sizeof place);
    for (const wire::BufferPlace wrong :
         {wire::BufferPlace{place.id, 0, 1 << 30}, wire::BufferPlace{place.id, UINT64_MAX, 2},
          wire::BufferPlace{place.id + 1, 0, 1}}) {
        std::memcpy(item.bytes.data(), &wrong, sizeof wrong);
        EXPECT_STREQ(wire::kind_name(host.call("echo.text", item).error->details), "protocol");
    }
    EXPECT_EQ(host.json("echo.text", "[\"fine\"]"), "\"fine\"");
}

TEST_P(Buffers, LargeResultsAreReleasedAndTheirMemoryUsedAgain) {
    HostEnd& host = start({test_plugin("large")});
    std::vector<std::uint64_t> first;
    for (int i = 0; i < 10; ++i) {
        const Result result = host.call("large.bytes", {.bytes = "[1000000]"}, ResultEncoding::messagepack);
        ASSERT_TRUE(result.in_buffer());
        EXPECT_EQ(result.value.size(), 1'000'005U);
        EXPECT_EQ(result.value.back(), '\x5a');
        if (i == 0) first = result.buffers;
        EXPECT_EQ(result.buffers, first);
        release(host, result);
    }
}

TEST_P(Buffers, UnreleasedResultsStayAsTheyAre) {
    HostEnd& host = start({test_plugin("large")});
    const Result one = host.call("large.text", {.bytes = "[100000]"});
    const Result two = host.call("large.bytes", {.bytes = "[100000]"});
    EXPECT_NE(one.buffers, two.buffers);
    const auto buffer = host.channel().peer_buffer(one.buffers.front());
    ASSERT_TRUE(buffer);
    EXPECT_EQ((*buffer)->mapping.bytes()[50'000], std::byte{'x'});
}

TEST_P(Buffers, AllocatedResultsAreNotCopied) {
    HostEnd& host = start({test_plugin("large"), demanding()});
    const Result shared = host.call("large.shared", {.bytes = "[5000000]"}, ResultEncoding::messagepack);
    EXPECT_FALSE(shared.in_buffer());
    EXPECT_LT(shared.value.size(), 100U);
    ASSERT_EQ(shared.buffers.size(), 1U);
    const auto buffer = host.channel().peer_buffer(shared.buffers.front());
    ASSERT_TRUE(buffer);
    EXPECT_TRUE(std::ranges::all_of((*buffer)->mapping.bytes().first(5'000'000),
                                    [](std::byte byte) { return byte == std::byte{0x5a}; }));
    const Result several = host.call("demanding.arrays", {.bytes = "[5,1000]"}, ResultEncoding::messagepack);
    EXPECT_EQ(several.buffers.size(), 5U);
    EXPECT_EQ(host.json("demanding.arrays", "[2,3]"), "[[0.0,1.0,2.0],[1.0,2.0,3.0]]");
    EXPECT_EQ(host.json("demanding.waste", "[1000000]"), "1000000");
}

TEST_P(Buffers, WhatTheWorkerGivesUpIsForgotten) {
    HostEnd& host = start({test_plugin("large")});
    // Together more than a worker holds on to.
    std::vector<Result> results;
    for (int i = 0; i < 3; ++i) {
        results.push_back(host.call("large.shared", {.bytes = "[60000000]"}, ResultEncoding::messagepack));
    }
    for (const Result& result : results) release(host, result);
    const auto forgotten = host.hear_a<wire::ForgetBuffers>();
    ASSERT_TRUE(forgotten);
    EXPECT_EQ(forgotten->ids.size(), 1U);
}

TEST_P(Buffers, FullRingHoldsTheWorkerBackAndLosesNothing) {
    HostEnd& host = start({test_plugin("large")});
    // About 20 MB of results through a ring of a quarter of one, none of which is read before all were asked for.
    for (int batch = 0; batch < 10; ++batch) {
        host.submit("large.text", std::vector<Item>(100, {.bytes = "20000", .encoding = Encoding::json_item}));
    }
    for (int i = 0; i < 1000; ++i) {
        const auto result = host.hear_a<Result>();
        ASSERT_TRUE(result) << i;
        ASSERT_EQ(result->value.size(), 20'002U);
    }
}

TEST_P(Buffers, PartialResultsWaitForRoomToo) {
    HostEnd& host = start({test_plugin("large")});
    host.submit("large.parts", {{.bytes = "[100000]"}});
    for (int part = 0; part < 100'000; ++part) {
        const auto emitted = host.hear_a<Emitted>();
        ASSERT_TRUE(emitted);
        ASSERT_EQ(emitted->value, std::to_string(part));
    }
    EXPECT_EQ(host.hear_a<Result>()->value, "100000");
}

TEST_P(Buffers, HostThatIsGoneFreesAWorkerFromAFullRing) {
    HostEnd& host = start({test_plugin("large")});
    host.submit("large.text", std::vector<Item>(100, {.bytes = "20000", .encoding = Encoding::json_item}));
    while (host.channel().worker_control().side.tail.load() < channel::ring_size / 2) ::sched_yield();
    ::shutdown(host.channel().socket(), SHUT_RDWR);
    EXPECT_EQ(host.reap(), 0);
}

}  // namespace
}  // namespace poolhost::test
