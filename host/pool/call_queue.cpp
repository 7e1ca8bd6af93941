// SPDX-License-Identifier: Apache-2.0
#include "pool/call_queue.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace poolhost::pool {

CallQueue::Lane& CallQueue::lane_of(ClientId client) {
    const auto found = std::ranges::find(lanes_, client, &Lane::client);
    if (found != lanes_.end()) return *found;
    return lanes_.emplace_back(Lane{client, nullptr, nullptr});
}

void CallQueue::push_back(Call& call) {
    Lane& lane = lane_of(call.request.client);
    call.next = nullptr;
    (lane.last != nullptr ? lane.last->next : lane.first) = &call;
    lane.last = &call;
    call.state = CallState::queued;
    ++size_;
}

void CallQueue::push_front(Call& call) {
    Lane& lane = lane_of(call.request.client);
    call.next = lane.first;
    lane.first = &call;
    if (lane.last == nullptr) lane.last = &call;
    call.state = CallState::queued;
    ++size_;
}

Call* CallQueue::front() const { return lanes_.empty() ? nullptr : lanes_.front().first; }

void CallQueue::pop_batch(std::size_t most, std::vector<Call*>& batch) {
    if (lanes_.empty()) return;
    Lane lane = lanes_.front();
    lanes_.pop_front();
    const TaskId task = lane.first->request.task;
    const wire::ResultEncoding encoding = lane.first->request.result_encoding;
    while (lane.first != nullptr && batch.size() < most && lane.first->request.task == task &&
           lane.first->request.result_encoding == encoding) {
        batch.push_back(lane.first);
        lane.first = std::exchange(lane.first->next, nullptr);
        --size_;
    }
    if (lane.first != nullptr) lanes_.push_back(lane);
}

void CallQueue::remove(Call& call) {
    const auto lane = std::ranges::find(lanes_, call.request.client, &Lane::client);
    if (lane == lanes_.end()) base::bug("a queued call without a lane");
    Call* before = nullptr;
    for (Call* at = lane->first; at != &call; at = at->next) before = at;
    (before != nullptr ? before->next : lane->first) = call.next;
    if (lane->last == &call) lane->last = before;
    call.next = nullptr;
    --size_;
    if (lane->first == nullptr) lanes_.erase(lane);
}

}  // namespace poolhost::pool
