// SPDX-License-Identifier: Apache-2.0
// Replacing workers that have done enough: by tasks, memory or age, a few at a time.
//
// The number of tasks is a promise: a worker gets no more. Memory and age are not: with `replacement: before` the old
// worker serves until the new one of its rank is ready.
#include "pool/jitter.hpp"
#include "pool/memory_use.hpp"
#include "pool/pool.hpp"

#include <algorithm>
#include <limits>

namespace poolhost::pool {

using namespace std::chrono_literals;

namespace {

// Memory is looked at this often while a task runs, and between tasks at most this often.
constexpr base::Duration look_interval = 500ms;
constexpr base::Duration shortest_interval = 10ms;

}  // namespace

void Pool::begin_use(Worker& worker) {
    Recycling& recycling = worker.recycling();
    recycling.limits = recycle_limits(config_.recycle, jitter());
    if (config_.recycle.memory) recycling.memory_when_ready = private_resident(worker.pid());
    if (config_.recycle.age) arm_recycle_timer(base::Clock::now() + *recycling.limits.age);
}

void Pool::arm_recycle_timer(base::TimePoint at) {
    if (recycle_timer_.armed() && recycle_at_ <= at) return;
    recycle_at_ = at;
    recycle_timer_.arm(at);
}

std::uint64_t Pool::tasks_left(const Worker& worker) const {
    const auto& limit = worker.recycling().limits.tasks;
    if (!limit) return std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t handed_over = worker.answered() + worker.outstanding();
    return *limit > handed_over ? *limit - handed_over : 0;
}

void Pool::look_at_use(Worker& worker) {
    const base::TimePoint now = base::Clock::now();
    Recycling& recycling = worker.recycling();
    if (!worker.works() || recycling.due || now < recycling.not_before) return;
    if (recycling.memory_when_ready && now - recycling.looked >= shortest_interval) {
        recycling.looked = now;
        const auto memory = private_resident(worker.pid());
        recycling.memory_growth = memory.value_or(*recycling.memory_when_ready) - *recycling.memory_when_ready;
    }
    const WorkerUse use{worker.answered() + worker.outstanding(), recycling.memory_growth, now - worker.ready_since()};
    const std::string reason = recycle_reason(recycling.limits, use);
    if (!reason.empty()) recycle(worker, reason);
}

void Pool::recycle(Worker& worker, const std::string& reason) {
    const auto leaving = std::ranges::count_if(workers_, [](const auto& other) { return other->recycling().due; });
    const bool may_wait = tasks_left(worker) > 0;
    if (may_wait && static_cast<std::size_t>(leaving) >= most_recycled_at_once(config_.processes.max)) return;
    worker.recycling().due = true;
    ++counters_.workers_recycled;
    listener_->on_log(config_.name, 0, "worker " + std::to_string(worker.index()) + " is recycled: " + reason);
    if (config_.recycle.replacement == config::Replacement::before) return start_worker(worker.index());
    let_go(worker);
}

// What it has not begun goes to others, unless it was promised to this worker as its last tasks.
void Pool::let_go(Worker& worker) {
    if (tasks_left(worker) > 0) give_back(worker.revoke(worker.outstanding()));
    worker.drain();
}

void Pool::replacement_came(const Worker& replacement) {
    for (const auto& worker : workers_) {
        const bool replaced = worker.get() != &replacement && worker->index() == replacement.index();
        if (replaced && worker->works()) let_go(*worker);
    }
}

// The old one goes on, or makes way where it may take no more calls: then what holds for a pool that cannot start
// workers holds here, too.
void Pool::replacement_failed(const Worker& replacement) {
    for (const auto& worker : workers_) {
        if (worker->index() != replacement.index() || !worker->works()) continue;
        if (tasks_left(*worker) == 0) {
            worker->drain();
        } else {
            worker->recycling().due = false;
            const base::TimePoint now = base::Clock::now();
            worker->recycling().not_before = now + restart_delay(config_.restart, deaths_, now, jitter());
            arm_recycle_timer(worker->recycling().not_before + shortest_interval);
        }
    }
}

void Pool::on_recycle_timer() {
    const base::TimePoint now = base::Clock::now();
    base::TimePoint next = base::TimePoint::max();
    // By index: a worker may be added.
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        Worker& worker = *workers_[i];
        look_at_use(worker);
        if (!worker.works() || worker.recycling().due) continue;
        if (config_.recycle.memory && worker.outstanding() > 0) next = std::min(next, now + look_interval);
        if (!config_.recycle.age) continue;
        next = std::min(next, std::max(worker.ready_since() + *worker.recycling().limits.age, now + look_interval));
    }
    if (next != base::TimePoint::max()) arm_recycle_timer(next);
}

}  // namespace poolhost::pool
