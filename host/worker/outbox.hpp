// SPDX-License-Identifier: Apache-2.0
// The worker's way to its host: waits for room in the ring, and decides when a doorbell is due.
#pragma once

#include "base/clock.hpp"
#include "channel/channel.hpp"

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

namespace poolhost::worker {

/// The host is gone: nothing is left to be done, nobody to be told. Ends the process.
[[noreturn]] void leave_without_host();

/// A doorbell may cost both sides more than a small call does. So it is rung when the worker runs out of work, when the
/// ring fills, or when a result has waited for long compared to what is being run; never once a tiny call.
class Outbox {
public:
    explicit Outbox(channel::Channel& channel) : channel_(&channel) {}

    /// Space for a record; waits while the ring is full. Needs a commit().
    std::span<std::byte> reserve(wire::RecordKind kind, std::size_t size);
    void commit() { channel_->writer().commit(); }

    /// A record whose payload went through the encoder; waits while the ring is full.
    void send(wire::RecordKind kind, std::span<const std::byte> encoded);
    /// The same without waiting: false where there is no room now.
    bool try_send(wire::RecordKind kind, std::span<const std::byte> encoded);

    /// A result was committed after `run`, at `now`.
    void result_committed(base::Duration run, base::TimePoint now);
    void ring();

    /// Makes buffers known to the host; before the record that names them. An error where that cannot be done.
    base::Result<void> share(const std::vector<channel::BufferRef>& buffers);
    /// Keeps a shared buffer as it is until the host has consumed the newest record. Waits while it holds too much that
    /// way.
    void keep_until_read(channel::BufferRef buffer);

private:
    struct Kept {
        std::uint64_t position;  // the end of the record that names it
        channel::BufferRef buffer;
    };
    void wait_for_room();
    void drop_what_was_read();

    channel::Channel* channel_;
    std::deque<Kept> kept_;  // oldest first
    std::size_t kept_bytes_ = 0;
    bool unrung_ = false;
    base::TimePoint unrung_since_;
};

}  // namespace poolhost::worker
