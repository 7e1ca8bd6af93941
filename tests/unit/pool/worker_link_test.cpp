// SPDX-License-Identifier: Apache-2.0
// The host's end of a channel against a worker that the test plays itself, honestly or not.
#include "pool/worker_link.hpp"

#include "channel/batch_word.hpp"
#include "wire/encoder.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <random>

namespace poolhost::pool {
namespace {

using channel::Channel;
using wire::RecordKind;

class Heard : public LinkListener {
public:
    void on_ready(const wire::Ready& said) override { ready.push_back(said.tasks.size()); }
    void on_start_failed(const std::string&) override {}
    void on_result(Call& call, LinkResult result) override {
        results.emplace_back(&call,
                             std::string(reinterpret_cast<const char*>(result.bytes.data()), result.bytes.size()));
    }
    void on_emitted(Call&, std::span<const std::byte> value) override {
        emitted.emplace_back(reinterpret_cast<const char*>(value.data()), value.size());
    }
    void on_log(const wire::LogLine&) override { ++lines; }
    void on_retiring(const std::string&) override {}

    std::vector<std::size_t> ready;  // how many tasks each time
    std::size_t lines = 0;
    std::vector<std::string> emitted;
    std::vector<std::pair<Call*, std::string>> results;
};

class Link : public ::testing::Test {
protected:
    Link() : Link(base::make_socket_pair().value()) {}
    explicit Link(base::FdPair sockets)
        : link(Channel::open(std::move(sockets.first), {}).value(), heard),
          worker(Channel::accept(std::move(sockets.second)).value().channel) {}

    std::vector<Call*> make_calls(std::size_t count) {
        std::vector<Call*> made;
        for (std::size_t i = 0; i < count; ++i) {
            Call& call = calls.emplace_back();
            call.request.arguments.slice.bytes = std::as_bytes(std::span(text));
            made.push_back(&call);
        }
        return made;
    }
    std::vector<Call*> deliver(std::size_t count) {
        auto made = make_calls(count);
        EXPECT_EQ(link.deliver({TaskId{0}, "math.square"}, made).value(), Delivered::yes);
        return made;
    }
    channel::Word64& word(std::uint32_t sequence) {
        return worker.worker_control().batches[sequence % channel::batch_words];
    }
    void answer(std::uint32_t sequence, std::uint16_t item, std::string_view value, std::uint8_t flags = 0) {
        answer({.sequence = sequence, .item = item, .flags = flags}, {}, value);
    }
    void answer(wire::ResultHead head, const std::vector<std::uint64_t>& ids, std::string_view value) {
        head.buffer_count = static_cast<std::uint32_t>(ids.size());
        head.size = static_cast<std::uint32_t>(value.size());
        const std::size_t ids_size = ids.size() * sizeof(std::uint64_t);
        const auto space = worker.writer().reserve(RecordKind::result, sizeof head + ids_size + value.size());
        std::memcpy(space->data(), &head, sizeof head);
        if (ids_size > 0) std::memcpy(space->data() + sizeof head, ids.data(), ids_size);
        std::memcpy(space->data() + sizeof head + ids_size, value.data(), value.size());
        worker.writer().commit();
    }
    void emit(wire::EmittedHead head, std::string_view value) {
        head.size = static_cast<std::uint32_t>(value.size());
        const auto space = worker.writer().reserve(RecordKind::emitted, sizeof head + value.size());
        std::memcpy(space->data(), &head, sizeof head);
        std::memcpy(space->data() + sizeof head, value.data(), value.size());
        worker.writer().commit();
    }
    // A buffer of the worker's that the host has been told of.
    channel::BufferRef share(std::string_view contents) {
        auto buffer = pool.acquire(contents.size()).value();
        std::memcpy(buffer->bytes().data(), contents.data(), contents.size());
        EXPECT_EQ(worker.share(buffer, base::Blocking::no).value(), base::SendOutcome::sent);
        return buffer;
    }
    static std::string place(std::uint64_t id, std::uint64_t offset, std::uint64_t size) {
        const wire::BufferPlace named{id, offset, size};
        return {reinterpret_cast<const char*>(&named), sizeof named};
    }

    std::string text = "[7]";
    std::deque<Call> calls;
    Heard heard;
    WorkerLink link;
    Channel worker;
    channel::BufferPool pool{base::Seal::size, 1 << 20};
};

TEST_F(Link, TheWorkerReadsWhatWasDelivered) {
    deliver(3);
    auto define = worker.reader().front();
    ASSERT_EQ(define->kind, RecordKind::define_task);
    worker.reader().pop();
    const auto record = worker.reader().front();
    const auto message = wire::read_host_message(record->kind, record->payload);
    const auto& batch = std::get<wire::BatchView>(*message);
    ASSERT_EQ(batch.items.size(), 3U);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(batch.items[2].bytes.data()), 3), "[7]");
}

TEST_F(Link, ResultsComeInOrderAndEmptyTheLink) {
    const auto made = deliver(2);
    channel::take_item(word(1), 1);
    answer(1, 0, "49");
    EXPECT_TRUE(link.collect().value());
    EXPECT_EQ(link.outstanding(), 1U);
    channel::take_item(word(1), 1);
    EXPECT_EQ(link.running(), made[1]);
    answer(1, 1, "49");
    link.collect().value();
    ASSERT_EQ(heard.results.size(), 2U);
    EXPECT_EQ(heard.results[0].first, made[0]);
    EXPECT_EQ(link.outstanding(), 0U);
    EXPECT_EQ(link.running(), nullptr);
}

TEST_F(Link, OnlyWhatWasNotBegunComesBack) {
    const auto made = deliver(5);
    channel::take_item(word(1), 1);
    EXPECT_EQ(link.not_begun(), 4U);
    EXPECT_EQ(link.revoke(2).value(), (std::vector{made[3], made[4]}));
    EXPECT_EQ(link.revoke(100).value(), (std::vector{made[1], made[2]}));
    EXPECT_EQ(link.outstanding(), 1U);
    EXPECT_EQ(channel::take_item(word(1), 1), std::nullopt);
    answer(1, 0, "49");
    link.collect().value();
    EXPECT_EQ(link.outstanding(), 0U);
}

TEST_F(Link, NewestBatchesAreRevokedFirst) {
    const auto first = deliver(1);
    const auto second = deliver(2);
    EXPECT_EQ(link.revoke(2).value(), second);
    EXPECT_EQ(link.outstanding(), 1U);
}

TEST_F(Link, AtADeathPublishedResultsStandAndOneItemIsLost) {
    const auto made = deliver(4);
    channel::take_item(word(1), 1);
    answer(1, 0, "49");
    channel::take_item(word(1), 1);
    link.collect().value();
    EXPECT_EQ(link.running(), made[1]);
    EXPECT_EQ(link.take_all(), (std::vector{made[1], made[2], made[3]}));
}

TEST_F(Link, ADeathBetweenTwoItemsLosesNone) {
    deliver(4);
    channel::take_item(word(1), 1);
    answer(1, 0, "49");
    link.collect().value();
    EXPECT_EQ(link.running(), nullptr);
}

TEST_F(Link, ResultsThatNobodyAskedForEndTheLink) {
    answer(1, 0, "49");
    EXPECT_FALSE(link.collect());
}

TEST_F(Link, ResultsOutOfTurnEndTheLink) {
    deliver(3);
    answer(1, 1, "49");
    EXPECT_FALSE(link.collect());
    EXPECT_TRUE(heard.results.empty());
}

TEST_F(Link, AResultWithoutItsBufferEndsTheLink) {
    deliver(1);
    answer(1, 0, std::string(sizeof(wire::BufferPlace), 'x'), wire::result_in_buffer);
    EXPECT_FALSE(link.collect());
}

TEST_F(Link, AResultInABufferIsReadAndTheBufferGivenBack) {
    deliver(1);
    const auto buffer = share("forty-nine");
    answer({.sequence = 1, .flags = wire::result_in_buffer}, {buffer->id()}, place(buffer->id(), 6, 4));
    ASSERT_TRUE(link.collect());
    EXPECT_EQ(heard.results.front().second, "nine");
}

TEST_F(Link, AResultBeyondItsBufferEndsTheLink) {
    deliver(1);
    const auto buffer = share("forty-nine");
    answer({.sequence = 1, .flags = wire::result_in_buffer}, {buffer->id()},
           place(buffer->id(), 8, buffer->bytes().size()));
    EXPECT_FALSE(link.collect());
}

TEST_F(Link, AResultInABufferThatItDoesNotNameEndsTheLink) {
    deliver(1);
    const auto named = share("forty-nine");
    const auto other = share("fifty");
    answer({.sequence = 1, .flags = wire::result_in_buffer}, {named->id()}, place(other->id(), 0, 5));
    EXPECT_FALSE(link.collect());
}

TEST_F(Link, AnErrorInABufferEndsTheLink) {
    deliver(1);
    const auto buffer = share("an error as large as one likes");
    answer({.sequence = 1, .status = wire::ResultStatus::error, .flags = wire::result_in_buffer}, {buffer->id()},
           place(buffer->id(), 0, 10));
    EXPECT_FALSE(link.collect());
}

TEST_F(Link, AResultOfAbsurdlyManyBuffersEndsTheLink) {
    deliver(1);
    const auto buffer = share("one");
    answer({.sequence = 1}, std::vector(wire::most_result_buffers + 1, buffer->id()), "49");
    EXPECT_FALSE(link.collect());
}

// Thousands of buffers to give back at once: more than one record takes.
TEST_F(Link, ManyBuffersAreGivenBackInSeveralRecords) {
    const auto buffer = share("the same one");
    const std::vector ids(wire::most_result_buffers, buffer->id());
    deliver(5);
    for (std::uint16_t item = 0; item < 5; ++item) answer({.sequence = 1, .item = item}, ids, "49");
    ASSERT_TRUE(link.collect());
    std::size_t given_back = 0;
    while (const auto record = worker.reader().front()) {
        const auto said = wire::read_host_message(record->kind, record->payload);
        if (const auto* const released = std::get_if<wire::ReleaseBuffers>(&*said)) given_back += released->ids.size();
        worker.reader().pop();
    }
    EXPECT_EQ(given_back, 5 * ids.size());
}

TEST_F(Link, APartialResultInABufferIsRead) {
    deliver(1);
    const auto buffer = share("a large part");
    emit({.sequence = 1, .flags = wire::result_in_buffer}, place(buffer->id(), 2, 5));
    emit({.sequence = 1}, "small");
    ASSERT_TRUE(link.collect());
    EXPECT_EQ(heard.emitted, (std::vector<std::string>{"large", "small"}));
}

TEST_F(Link, APartialResultBeyondItsBufferEndsTheLink) {
    deliver(1);
    const auto buffer = share("a large part");
    emit({.sequence = 1, .flags = wire::result_in_buffer}, place(buffer->id(), buffer->bytes().size(), 1));
    EXPECT_FALSE(link.collect());
}

TEST_F(Link, APartialResultOfAnUnknownBufferEndsTheLink) {
    deliver(1);
    emit({.sequence = 1, .flags = wire::result_in_buffer}, place(4711, 0, 1));
    EXPECT_FALSE(link.collect());
}

TEST_F(Link, ManyTasksAreToldInSeveralRecords) {
    const wire::Ready part{std::vector<wire::LoadedTask>(30), true};
    for (int i = 0; i < 30; ++i) worker.send(RecordKind::ready, wire::encode(part));
    ASSERT_TRUE(link.collect());
    EXPECT_TRUE(heard.ready.empty());
    worker.send(RecordKind::ready, wire::encode(wire::Ready{}));
    ASSERT_TRUE(link.collect());
    EXPECT_EQ(heard.ready, std::vector<std::size_t>{900});
}

TEST_F(Link, ATurnReadsOnlySoMuch) {
    for (std::size_t i = 0; i < WorkerLink::a_turn + 10; ++i) {
        ASSERT_TRUE(worker.send(RecordKind::log_line, wire::encode(wire::LogLine{1, "again"})));
    }
    ASSERT_TRUE(link.collect());
    EXPECT_EQ(heard.lines, WorkerLink::a_turn);
    EXPECT_FALSE(link.announce_sleep()) << "there is more";
    ASSERT_TRUE(link.collect());
    EXPECT_EQ(heard.lines, WorkerLink::a_turn + 10);
}

TEST_F(Link, AskingTwiceToBeReplacedEndsTheLink) {
    for (int i = 0; i < 2; ++i) worker.send(RecordKind::retiring, wire::encode(wire::Retiring{"worn out"}));
    EXPECT_FALSE(link.collect());
}

TEST_F(Link, AnImpossiblePositionOfTheHostsRingEndsTheLink) {
    worker.worker_control().side.head = std::uint64_t{1} << 40;
    for (int i = 0; i < 10'000; ++i) {
        if (!link.deliver({TaskId{0}, "math.square"}, make_calls(1))) return;
        link.revoke(1).value();
    }
    FAIL() << "it was never noticed";
}

// A worker that says that it began its call in the future would never time out.
TEST_F(Link, ACallBeganAtTheLatestWhenItWasSeenToRun) {
    deliver(1);
    channel::take_item(word(1), 1);
    worker.worker_control().began_ns = std::numeric_limits<std::int64_t>::max();
    const auto first = link.running_since();
    EXPECT_LE(first, base::Clock::now());
    EXPECT_EQ(link.running_since(), first);
}

// What was taken back from newer batches when an older one turned out to be forged is not lost.
TEST_F(Link, NoCallIsLostWhereAForgedBatchStopsTheRevoking) {
    const auto first = deliver(2);
    const auto second = deliver(2);
    word(1).store(channel::pack({77, 2, 0}));
    EXPECT_FALSE(link.revoke(4));
    EXPECT_EQ(link.take_all(), (std::vector{first[0], first[1], second[0], second[1]}));
}

TEST_F(Link, AForgedBatchWordEndsTheLink) {
    deliver(3);
    word(1).store(channel::pack({1, 3000, 2000}));
    EXPECT_FALSE(link.revoke(1));
    word(1).store(channel::pack({77, 3, 0}));
    EXPECT_FALSE(link.revoke(1));
}

TEST_F(Link, ManyBatchesWaitForRoom) {
    for (std::size_t i = 0; i < channel::batch_words; ++i) deliver(1);
    EXPECT_TRUE(link.full());
    EXPECT_EQ(link.deliver({TaskId{0}, "math.square"}, make_calls(1)).value(), Delivered::not_now);
}

// Batches that were taken back leave a gap behind a long one; the newest must not take the long one's word.
TEST_F(Link, TheWordOfALongBatchIsNotGivenToAnother) {
    const auto made = deliver(2);
    channel::take_item(word(1), 1);
    for (std::size_t i = 1; i < channel::batch_words; ++i) {
        deliver(1);
        EXPECT_EQ(link.revoke(1).value().size(), 1U);
    }
    EXPECT_TRUE(link.full());
    answer(1, 0, "49");
    EXPECT_EQ(channel::take_item(word(1), 1), 1U);
    answer(1, 1, "49");
    EXPECT_TRUE(link.collect());
    EXPECT_EQ(heard.results.size(), 2U);
    EXPECT_FALSE(link.full());
}

// A worker that writes whatever it likes into everything that it can reach: an error at worst.
TEST_F(Link, AHostileWorkerIsSurvived) {
    std::mt19937_64 random(5);
    for (int round = 0; round < 300; ++round) {
        auto sockets = base::make_socket_pair().value();
        Heard ignored;
        WorkerLink attacked(Channel::open(std::move(sockets.first), {}).value(), ignored);
        Channel hostile = Channel::accept(std::move(sockets.second)).value().channel;
        attacked.deliver({TaskId{0}, "math.square"}, make_calls(1 + random() % 50)).value();
        auto* const memory = reinterpret_cast<unsigned char*>(&hostile.worker_control());
        const std::size_t reach = random() % 2 == 0 ? channel::control_size : channel::memory_size;
        for (int i = 0; i < 5000; ++i) memory[random() % reach] = static_cast<unsigned char>(random());
        hostile.worker_control().side.tail = random() % 4 == 0 ? random() : random() % (2 * channel::ring_size);
        (void)attacked.collect();
        (void)attacked.running();
        (void)attacked.not_begun();
        (void)attacked.revoke(random() % 60);
        (void)attacked.collect();
        (void)attacked.take_all();
    }
}

TEST(FittingCalls, AreAsManyAsARecordTakes) {
    const std::vector<std::byte> large(channel::max_inline);
    std::deque<Call> calls(5);
    std::vector<Call*> pointers;
    for (Call& call : calls) {
        call.request.arguments.slice.bytes = large;
        pointers.push_back(&call);
    }
    const std::size_t fitting = fitting_calls(pointers);
    EXPECT_GE(fitting, 1U);
    EXPECT_LT(fitting, 5U);
}

}  // namespace
}  // namespace poolhost::pool
