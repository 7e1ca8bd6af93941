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
#include "channel/peer_buffers.hpp"
#include "channel/ring.hpp"
#include "channel/shared_buffer.hpp"
#include "channel/stack_area.hpp"

#include <unordered_map>

namespace poolhost::channel {

/// The largest payload that send() takes.
inline constexpr std::size_t largest_encoded = max_record - sizeof(RecordHead) - sizeof(std::uint64_t);

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

    /// Writes a record whose payload went through the encoder, of at most `largest_encoded` bytes; false while the ring
    /// is too full.
    bool send(wire::RecordKind kind, std::span<const std::byte> encoded);

    /// Wakes the other side if it sleeps. Call it after commits; once for many is enough.
    base::Result<PeerState> ring_doorbell();
    /// Says that this side is about to sleep. False: something has arrived meanwhile, do not sleep.
    [[nodiscard]] bool announce_sleep();
    void announce_awake();

    /// Takes what is in the socket, doorbells and descriptors of buffers, but not more than a turn's worth: who floods
    /// it shall not keep this side from everything else. With Blocking::yes it waits for the first.
    base::Result<PeerState> drain_socket(base::Blocking blocking);

    /// Makes a buffer of ours known to the other side, before a record names it. would_block: try again later. An error
    /// where a worker has made known as many as it may.
    base::Result<base::SendOutcome> share(const BufferRef& buffer, base::Blocking blocking);
    /// A buffer of the other side that a record named; an error where it was never sent.
    base::Result<std::shared_ptr<const PeerBuffer>> peer_buffer(std::uint64_t id);
    /// The other side gave this buffer up.
    void forget(std::uint64_t id) { peer_buffers_.forget(id); }

    /// Ids of our buffers that ended since, for a ForgetBuffers record.
    [[nodiscard]] std::vector<std::uint64_t> take_forgotten();

private:
    enum class Side { host, worker };
    enum class Received { message, nothing, gone };
    Channel(base::UniqueFd socket, base::Mapping host_memory, base::Mapping worker_memory, Side side);
    base::Result<Received> receive_one(base::Blocking blocking);
    [[nodiscard]] bool may_share(const SharedBuffer& buffer) const;
    base::Result<void> take_doorbell();
    base::Result<void> take_message(base::ReceivedMessage message, std::span<const std::byte> bytes);
    base::Result<void> take_buffer(std::span<const std::byte> bytes, base::UniqueFd fd);

    Side side_;
    base::UniqueFd socket_;
    base::Mapping host_memory_;
    base::Mapping worker_memory_;
    HostControl* host_;
    WorkerControl* worker_;
    SideControl* mine_;
    const SideControl* theirs_;
    RingWriter writer_;
    RingReader reader_;
    std::uint32_t rung_ = 0;       // the other side's sleep that our last doorbell was for
    std::uint64_t sleeps_ = 0;     // times that this side announced one
    std::uint64_t doorbells_ = 0;  // taken from the socket
    PeerBuffers peer_buffers_;
    std::unordered_map<std::uint64_t, std::uint64_t> shared_;  // our buffers that the other side knows: id, size
    std::uint64_t shared_bytes_ = 0;
    std::shared_ptr<PendingIds> forgotten_ = std::make_shared<PendingIds>();
};

struct Channel::Accepted {
    Channel channel;
    std::vector<std::byte> description;
};

}  // namespace poolhost::channel
