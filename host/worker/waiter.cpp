// SPDX-License-Identifier: Apache-2.0
#include "worker/waiter.hpp"

#include "worker/log_queue.hpp"

#include <array>

#include <poll.h>
#include <sched.h>

namespace poolhost::worker {
namespace {

constexpr int for_ever = -1;
constexpr int room_check_ms = 1;

}  // namespace

void Waiter::wait() {
    const base::TimePoint start = base::Clock::now();
    const bool polls = spin_.count() > 0 && last_wait_ < spin_;
    if (!polls || !poll_ring(start)) {
        while (channel_->reader().empty()) sleep();
    }
    last_wait_ = base::Clock::now() - start;
}

// Yields, since the host may need this very CPU to write what is waited for.
bool Waiter::poll_ring(base::TimePoint start) const {
    do {
        if (!channel_->reader().empty()) return true;
        ::sched_yield();
    } while (base::Clock::now() - start < spin_ && log_queue().is_empty());
    return !channel_->reader().empty();
}

void Waiter::sleep() {
    log_queue().flush();
    outbox_->ring();
    // Both announce first and look again then: whoever writes meanwhile sees that a doorbell is needed.
    const bool no_lines = log_queue().announce_sleep();
    // Lines are left only where the ring is full, and nobody rings for room in it.
    if (channel_->announce_sleep()) sleep_until_woken(no_lines ? for_ever : room_check_ms);
    channel_->announce_awake();
    log_queue().announce_awake();
}

void Waiter::sleep_until_woken(int timeout_ms) {
    std::array<pollfd, 2> sources{{{channel_->socket(), POLLIN, 0}, {log_queue().wake_fd(), POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), timeout_ms);
    if (sources[1].revents != 0) log_queue().clear_wake();
    if (sources[0].revents == 0) return;
    const auto state = channel_->drain_socket(base::Blocking::no);
    if (!state || *state == channel::PeerState::gone) leave_without_host();
}

}  // namespace poolhost::worker
