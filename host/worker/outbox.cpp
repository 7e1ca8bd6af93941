// SPDX-License-Identifier: Apache-2.0
#include "worker/outbox.hpp"

#include <cstring>

#include <poll.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

using base::Blocking;
using channel::PeerState;

constexpr std::chrono::milliseconds longest_unrung{1};
// A call that ran this long is not hurt by a doorbell.
constexpr std::chrono::microseconds worth_a_doorbell{50};
constexpr std::chrono::milliseconds room_check{1};
// Partial results may be made faster than they are read: beyond this much, or so many, the task waits.
constexpr std::size_t most_kept_bytes = std::size_t{64} << 20;
constexpr std::size_t most_kept = 256;

constexpr int host_gone_exit_code = 0;  // nobody is left to read it

bool is_gone(const base::Result<PeerState>& state) { return !state || *state == PeerState::gone; }

}  // namespace

void leave_without_host() { ::_exit(host_gone_exit_code); }

std::span<std::byte> Outbox::reserve(wire::RecordKind kind, std::size_t size) {
    for (;;) {
        if (auto space = channel_->writer().reserve(kind, size)) return *space;
        wait_for_room();
    }
}

// Nobody rings for room in a ring: look again every millisecond, and see from the socket whether the host still lives.
void Outbox::wait_for_room() {
    if (channel_->writer().corrupt()) leave_without_host();
    ring();
    pollfd socket{channel_->socket(), POLLIN, 0};
    ::poll(&socket, 1, static_cast<int>(room_check.count()));
    if (is_gone(channel_->drain_socket(Blocking::no))) leave_without_host();
}

void Outbox::send(wire::RecordKind kind, std::span<const std::byte> encoded) {
    while (!channel_->send(kind, encoded)) wait_for_room();
}

bool Outbox::try_send(wire::RecordKind kind, std::span<const std::byte> encoded) {
    return channel_->send(kind, encoded);
}

void Outbox::result_committed(base::Duration run, base::TimePoint now) {
    if (!unrung_) unrung_since_ = now;
    unrung_ = true;
    const bool due = run >= worth_a_doorbell || now - unrung_since_ >= longest_unrung ||
                     channel_->writer().unread() > channel::ring_size / 2;
    if (due) ring();
}

void Outbox::ring() {
    unrung_ = false;
    if (is_gone(channel_->ring_doorbell())) leave_without_host();
}

base::Result<void> Outbox::share(const std::vector<channel::BufferRef>& buffers) {
    for (const auto& buffer : buffers) {
        const auto sent = channel_->share(buffer, Blocking::yes);
        if (!sent) return sent.error();
        if (*sent == base::SendOutcome::peer_gone) leave_without_host();
    }
    return {};
}

void Outbox::keep_until_read(channel::BufferRef buffer) {
    drop_what_was_read();
    kept_bytes_ += buffer->bytes().size();
    kept_.push_back({channel_->writer().committed(), std::move(buffer)});
    while (kept_.size() > 1 && (kept_.size() > most_kept || kept_bytes_ > most_kept_bytes)) {
        wait_for_room();
        drop_what_was_read();
    }
}

void Outbox::drop_what_was_read() {
    while (!kept_.empty() && channel_->writer().has_read(kept_.front().position)) {
        kept_bytes_ -= kept_.front().buffer->bytes().size();
        kept_.pop_front();
    }
}

}  // namespace poolhost::worker
