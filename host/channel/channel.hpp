// SPDX-License-Identifier: Apache-2.0
// A channel between two processes: a ring of records each way in shared memory, shared buffers for what is large, and a
// socket for descriptors, doorbells and the end of the other side.
//
// Both sides are this one class. The opener makes both memories, keeps the read-only one for its own writing, and sends
// them with an opening message; the accepter maps what it got. A doorbell is rung only for a side that said it sleeps.
// The opener never blocks on the socket; the accepter does, when it has nothing to do.
#pragma once

#include "base/descriptor_passing.hpp"
#include "channel/layout.hpp"
#include "channel/ring.hpp"
#include "channel/shared_buffer.hpp"
#include "channel/stack_area.hpp"

#include <unordered_map>
#include <unordered_set>

namespace poolhost::channel {

/// A buffer of the other side, mapped read-only. Its contents may change under a reader's eyes: copy, then look.
struct PeerBuffer {
    std::uint64_t id;
    base::UniqueFd fd;
    base::Mapping mapping;
};

enum class PeerState { present, gone };

/// One thread.
class Channel {
public:
    /// The host's end. `description` reaches the other side unchanged; it may be of any size.
    static base::Result<Channel> open(base::UniqueFd socket, std::span<const std::byte> description);
    /// The worker's end; blocks until the opening message is there.
    struct Accepted;
    static base::Result<Accepted> accept(base::UniqueFd socket);

    [[nodiscard]] int socket() const { return socket_.get(); }
    [[nodiscard]] HostControl& host_control() const { return *host_; }
    /// The worker owns it; the host changes only the batch words.
    [[nodiscard]] WorkerControl& worker_control() const { return *worker_; }
    /// The worker's signal handler writes it; the host reads it with read_stack() only.
    [[nodiscard]] StackArea& stack_area() const;

    RingWriter& writer() { return writer_; }
    RingReader& reader() { return reader_; }

    /// Writes a record whose payload went through the encoder; false while the ring is too full.
    bool send(wire::RecordKind kind, std::span<const std::byte> encoded);

    /// Wakes the other side if it sleeps. Call it after commits; once for many is enough.
    base::Result<PeerState> ring_doorbell();
    /// Says that this side is about to sleep. False: something has arrived meanwhile, do not sleep.
    [[nodiscard]] bool announce_sleep();
    void announce_awake();

    /// Takes everything from the socket: doorbells, and descriptors of buffers. With Blocking::yes it waits for the
    /// first.
    base::Result<PeerState> drain_socket(base::Blocking blocking);

    /// Makes a buffer of ours known to the other side, before a record names it. would_block: try again later.
    base::Result<base::SendOutcome> share(const BufferRef& buffer, base::Blocking blocking);
    /// A buffer of the other side that a record named; an error where it was never sent.
    base::Result<std::shared_ptr<const PeerBuffer>> peer_buffer(std::uint64_t id);
    /// The other side gave this buffer up.
    void forget(std::uint64_t id) { peer_buffers_.erase(id); }

    /// Ids of our buffers that ended since, for a ForgetBuffers record.
    [[nodiscard]] std::vector<std::uint64_t> take_forgotten();

private:
    Channel(base::UniqueFd socket, base::Mapping host_memory, base::Mapping worker_memory, bool opener);
    base::Result<void> take_message(base::ReceivedMessage message, std::span<const std::byte> bytes);
    base::Result<void> take_buffer(std::span<const std::byte> bytes, base::UniqueFd fd);

    base::UniqueFd socket_;
    base::Mapping host_memory_;
    base::Mapping worker_memory_;
    HostControl* host_;
    WorkerControl* worker_;
    SideControl* mine_;
    const SideControl* theirs_;
    RingWriter writer_;
    RingReader reader_;
    std::uint32_t rung_ = 0;  // the other side's sleep that our last doorbell was for
    std::unordered_map<std::uint64_t, std::shared_ptr<const PeerBuffer>> peer_buffers_;
    std::unordered_set<std::uint64_t> shared_;  // our buffers that the other side knows
    std::shared_ptr<PendingIds> forgotten_ = std::make_shared<PendingIds>();
};

struct Channel::Accepted {
    Channel channel;
    std::vector<std::byte> description;
};

}  // namespace poolhost::channel
