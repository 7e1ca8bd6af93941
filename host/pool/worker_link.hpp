// SPDX-License-Identifier: Apache-2.0
// The host's end of one worker's channel: batches out, outcomes in, and what can still be taken back.
//
// Everything that comes in was written by the worker and may be forged: a record that does not fit ends the link with
// an error, and the pool then ends the worker. Results arrive in the order in which items were handed over.
#pragma once

#include "channel/batch_word.hpp"
#include "channel/channel.hpp"
#include "pool/call.hpp"

#include <deque>
#include <string>
#include <vector>

namespace poolhost::pool {

/// A task as this worker is told of it.
struct TaskName {
    TaskId id{};
    std::string_view name;
};

/// A result, in place; valid while the listener is being told.
struct LinkResult {
    const wire::ResultHead& head;
    std::span<const std::byte> bytes;  // the value as the call's result_encoding says, or an encoded CallError
    std::vector<BufferLease> leases;
};

class LinkListener {
public:
    LinkListener() = default;
    LinkListener(const LinkListener&) = delete;
    LinkListener& operator=(const LinkListener&) = delete;
    virtual ~LinkListener() = default;

    virtual void on_ready(const wire::Ready& ready) = 0;
    virtual void on_start_failed(const std::string& cause) = 0;
    /// The call has left the link.
    virtual void on_result(Call& call, LinkResult result) = 0;
    virtual void on_emitted(Call& call, std::span<const std::byte> value) = 0;
    virtual void on_log(const wire::LogLine& line) = 0;
    virtual void on_retiring(const std::string& reason) = 0;
};

enum class Delivered { yes, not_now };

/// One thread: the host's.
class WorkerLink {
public:
    WorkerLink(channel::Channel channel, LinkListener& listener);

    [[nodiscard]] int socket() const { return channel_.socket(); }
    [[nodiscard]] const channel::Channel& channel() const { return channel_; }

    /// Hands over calls of one task, as one batch; the caller has seen to it that they fit (see fitting_calls).
    /// Not now: the ring or the socket is full.
    base::Result<Delivered> deliver(const TaskName& task, const std::vector<Call*>& calls);
    /// Wakes the worker if it sleeps; once after several deliveries is enough.
    base::Result<channel::PeerState> wake() { return channel_.ring_doorbell(); }
    /// False while the ring is too full.
    bool send_stop();
    /// The task that runs this call shall end soon, if it is running it.
    void cancel_running(const Call& call);

    /// Takes what came through the socket; the end of the worker is peer state gone.
    base::Result<channel::PeerState> drain_socket() { return channel_.drain_socket(base::Blocking::no); }
    /// Records that are read before the loop's other work goes on.
    static constexpr std::size_t a_turn = 1024;
    /// More than any ring holds: for a worker that has ended.
    static constexpr std::size_t everything = channel::ring_size / sizeof(channel::RecordHead);
    /// Tells the listener what was published, `most` records of it; true where there was anything.
    base::Result<bool> collect(std::size_t most = a_turn);
    /// Announces that the host will sleep now; false: collect again first.
    [[nodiscard]] bool announce_sleep() { return channel_.announce_sleep(); }
    void announce_awake() { channel_.announce_awake(); }

    /// Calls that the worker has not begun and shall not begin any more, newest last; at most `most`, the last ones.
    base::Result<std::vector<Call*>> revoke(std::size_t most);

    /// No batch more fits before results arrive.
    [[nodiscard]] bool full() const {
        // By sequence, not by number: batches between may have been taken back, and a word serves one batch at a time.
        return !batches_.empty() && next_sequence_ - batches_.front().sequence >= channel::batch_words;
    }
    /// Calls that are with the worker, begun or not.
    [[nodiscard]] std::size_t outstanding() const { return outstanding_; }
    /// Those of them that it has not begun. Reads shared memory: an estimate, made afresh each time.
    [[nodiscard]] std::size_t not_begun() const;
    /// It has read everything that was sent to it.
    [[nodiscard]] bool has_read_all() { return channel_.writer().unread() == 0; }
    /// The call that it is running, as its batch word says.
    [[nodiscard]] Call* running() const;
    /// Its channel::call_number; 0 where it runs none.
    [[nodiscard]] std::uint64_t running_number() const;
    /// When the running call began; only where running() is one. The worker says so, and is believed as far as it is
    /// possible: not before the delivery, and not after this was asked first.
    [[nodiscard]] base::TimePoint running_since() const;
    /// All calls that are with it, oldest first; the link has none afterwards.
    [[nodiscard]] std::vector<Call*> take_all();

private:
    struct Batch {
        std::uint32_t sequence = 0;
        std::uint16_t limit = 0;  // as we last set it
        std::uint16_t done = 0;   // results that have arrived
        std::vector<Call*> calls;
    };
    struct Listen;
    struct Observed {
        std::uint64_t number = 0;
        base::TimePoint first;
    };

    [[nodiscard]] channel::Word64& word_of(const Batch& batch) const;
    base::Result<channel::BatchState> lower_limit(Batch& batch, std::size_t keep);
    base::Result<channel::BatchState> checked(const Batch& batch, channel::BatchState state) const;
    base::Result<bool> share_buffers(const std::vector<Call*>& calls);
    void write_batch(std::span<std::byte> space, TaskId task, const Batch& batch);
    bool define(const TaskName& task);
    bool send_pending_ids();
    template <class Message>
    bool send_ids(wire::RecordKind kind, std::vector<std::uint64_t>& ids);
    [[nodiscard]] base::Result<Delivered> not_now();
    base::Result<void> take_ready(wire::Ready ready);
    base::Result<std::span<const std::byte>> in_buffer(const wire::BufferPlace& place);
    base::Result<void> take_result(const wire::ResultView& view);
    base::Result<void> take_emitted(const wire::EmittedView& view);
    base::Result<std::vector<BufferLease>> lease(const wire::ResultView& view);
    void drop_finished();

    channel::Channel channel_;
    LinkListener* listener_;
    std::deque<Batch> batches_;  // oldest first
    std::vector<bool> defined_;  // task ids that the worker knows
    wire::Ready ready_;          // its parts so far
    bool retiring_ = false;
    mutable Observed observed_;  // the call that running_since() was asked for last
    std::vector<std::uint64_t> forgotten_;
    std::shared_ptr<channel::PendingIds> released_ = std::make_shared<channel::PendingIds>();
    std::uint32_t next_sequence_ = 1;
    std::size_t outstanding_ = 0;
};

/// How many of these calls, from the first, fit into one batch's record.
std::size_t fitting_calls(const std::vector<Call*>& calls);

}  // namespace poolhost::pool
