// SPDX-License-Identifier: Apache-2.0
// The pool's dispatch: which call goes to which worker, how many at a time, and what is taken back.
#include "pool/pool.hpp"

#include <algorithm>
#include <cstring>

namespace poolhost::pool {

using namespace std::chrono_literals;

namespace {

// While workers hold calls that they have not begun, the host looks after them this often.
constexpr base::Duration sweep_interval = 2ms;
// A task that runs for long has its memory looked at this often, where that matters.
constexpr base::Duration look_interval = 500ms;

}  // namespace

void Pool::pump() {
    if (pumping_ || phase_ == PoolState::stopped) return;
    pumping_ = true;
    while (const Call* const first = queue_.front()) {
        const Task& task = task_of(*first);
        Worker* const worker = next_worker(task);
        if (worker == nullptr) break;
        if (!deliver_batch(*worker, batch_for(*worker, task)) && worker->takes_calls()) break;
    }
    pumping_ = false;
    if (!queue_.empty()) start_missing_workers();
    arm_sweep();
}

// Idle workers first; then the least loaded of those that may be handed calls ahead.
Worker* Pool::next_worker(const Task& task) const {
    const std::size_t ahead = calls_ahead(task.run_time.mean(), config_.prefetch);
    Worker* best = nullptr;
    for (const auto& worker : workers_) {
        if (!worker->takes_calls() || worker->link()->full() || tasks_left(*worker) == 0) continue;
        const std::size_t held = worker->outstanding();
        if (held == 0) return worker.get();
        const bool hungry = ahead > 0 && held - 1 <= ahead / 2;
        if (hungry && (best == nullptr || held < best->outstanding())) best = worker.get();
    }
    return best;
}

std::size_t Pool::batch_for(const Worker& worker, const Task& task) const {
    const std::size_t worth = batch_size(task.run_time.mean(), queue_.size(), workers_.size());
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(worth, tasks_left(worker)));
    if (worker.idle()) return size;
    const std::size_t ahead = calls_ahead(task.run_time.mean(), config_.prefetch);
    return std::min(size, ahead - (worker.outstanding() - 1));
}

bool Pool::deliver_batch(Worker& worker, std::size_t most) {
    std::vector<Call*> calls;
    queue_.pop_batch(most, calls);
    refuse_quarantined(calls);
    put_into_buffers(calls);
    if (calls.empty()) return true;
    const std::size_t fitting = fitting_calls(calls);
    std::vector<Call*> rest(calls.begin() + static_cast<std::ptrdiff_t>(fitting), calls.end());
    calls.resize(fitting);
    const bool delivered = worker.deliver({calls.front()->request.task, task_of(*calls.front()).name}, calls);
    if (!delivered) rest.insert(rest.begin(), calls.begin(), calls.end());
    for (auto call = rest.rbegin(); call != rest.rend(); ++call) queue_.push_front(**call);
    if (!delivered) return false;
    const base::TimePoint now = base::Clock::now();
    for (Call* call : calls) {
        call->state = CallState::delivered;
        call->delivered = now;
        call->worker = &worker;
    }
    watch(worker, calls);
    if (config_.recycle.tasks) look_at_use(worker);
    if (config_.recycle.memory) arm_recycle_timer(now + look_interval);
    counters_.queued -= calls.size();
    counters_.delivered += calls.size();
    return true;
}

void Pool::put_into_buffers(std::vector<Call*>& calls) {
    std::erase_if(calls, [this](Call* call) {
        const auto put = put_into_buffer(*call);
        if (!put) fail(*call, {put.error().message, wire::TooLarge{}}, nullptr);
        return !put;
    });
}

// What is too large for a ring goes into a standing buffer; once, however often the call is handed over.
base::Result<void> Pool::put_into_buffer(Call& call) {
    Arguments& arguments = call.request.arguments;
    const std::span<const std::byte> bytes = arguments.slice.bytes;
    if (arguments.place || bytes.size() <= channel::max_inline) return {};
    auto buffer = buffers_.acquire(bytes.size());
    if (!buffer) return buffer.error();
    std::memcpy((*buffer)->bytes().data(), bytes.data(), bytes.size());
    arguments.place = wire::BufferPlace{(*buffer)->id(), 0, bytes.size()};
    arguments.buffers.push_back(std::move(*buffer));
    arguments.slice = Slice{};
    return {};
}

// Calls that were handed over, but not begun: back to the head of the queue, in their order.
void Pool::give_back(const std::vector<Call*>& calls) {
    for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
        --counters_.delivered;
        ++counters_.queued;
        (*call)->worker = nullptr;
        queue_.push_front(**call);
    }
}

void Pool::retiring(Worker& worker) { give_back(worker.revoke(worker.outstanding())); }

void Pool::collected(Worker& worker) {
    if (config_.recycle.memory) look_at_use(worker);
    pump();
}

// Between wake-ups: results of unfinished batches, and calls that wait behind others for no reason.
void Pool::sweep() {
    poll();
    const base::TimePoint now = base::Clock::now();
    for (const auto& worker : workers_) give_back(worker->look_after(now));
    rebalance();
    pump();
}

void Pool::arm_sweep() {
    if (sweep_timer_.armed()) return;
    const bool needed = std::ranges::any_of(workers_, [this](const auto& worker) {
        return worker->stalled() || worker->outstanding() > 1 ||
               (worker->outstanding() == 1 && worker->running() == nullptr) || (!queue_.empty() && worker->idle());
    });
    if (needed) sweep_timer_.arm_after(sweep_interval);
}

// A worker with nothing to do takes half of what the fullest busy one has not begun. (One that has begun nothing at all
// is look_after's: the next call would only go to it again.)
void Pool::rebalance() {
    if (!queue_.empty()) return;
    const bool anyone_idle = std::ranges::any_of(workers_, [](const auto& worker) { return worker->idle(); });
    if (!anyone_idle) return;
    Worker* fullest = nullptr;
    std::size_t most = 0;
    for (const auto& worker : workers_) {
        const bool busy = worker->works() && worker->running() != nullptr;
        const std::size_t waiting = busy ? worker->link()->not_begun() : 0;
        if (waiting > most) {
            most = waiting;
            fullest = worker.get();
        }
    }
    if (fullest != nullptr) give_back(fullest->revoke((most + 1) / 2));
}

}  // namespace poolhost::pool
