// SPDX-License-Identifier: Apache-2.0
// How a worker waits for its next record: by polling where that has lately paid, else asleep.
#pragma once

#include "base/clock.hpp"
#include "channel/channel.hpp"
#include "worker/outbox.hpp"

namespace poolhost::worker {

class Waiter {
public:
    /// `spin`: how long to poll at most; 0: never.
    Waiter(channel::Channel& channel, Outbox& outbox, base::Duration spin)
        : channel_(&channel), outbox_(&outbox), spin_(spin) {}

    /// Returns when there is something in the ring. Ends the process when the host is gone.
    void wait();

private:
    bool poll_ring(base::TimePoint start) const;
    void sleep();
    void sleep_until_woken(int timeout_ms);

    channel::Channel* channel_;
    Outbox* outbox_;
    base::Duration spin_;
    base::Duration last_wait_{};
};

}  // namespace poolhost::worker
