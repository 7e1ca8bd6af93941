// SPDX-License-Identifier: Apache-2.0
// The calls that wait for a worker: first in first out, and client by client in turn.
#pragma once

#include "pool/call.hpp"

#include <deque>
#include <vector>

namespace poolhost::pool {

class CallQueue {
public:
    void push_back(Call& call);
    /// Back to where it came from: it was handed out, but not begun.
    void push_front(Call& call);
    /// Takes up to `most` calls of one task from the client whose turn it is, then gives the turn on.
    void pop_batch(std::size_t most, std::vector<Call*>& batch);
    /// The call that pop_batch would take first; nullptr where nothing waits.
    [[nodiscard]] Call* front() const;
    /// Takes a call out of the middle; linear in its client's calls.
    void remove(Call& call);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }

private:
    struct Lane {
        ClientId client{};
        Call* first = nullptr;
        Call* last = nullptr;
    };
    Lane& lane_of(ClientId client);

    std::deque<Lane> lanes_;  // only clients with waiting calls; the front one has the turn
    std::size_t size_ = 0;
};

}  // namespace poolhost::pool
