// SPDX-License-Identifier: Apache-2.0
// The pool's workers: how many there are, what follows when one ends, and the pool's own end.
#include "pool/describe_worker.hpp"
#include "pool/jitter.hpp"
#include "pool/oom_watch.hpp"
#include "pool/pool.hpp"
#include "wire/encoder.hpp"

#include <algorithm>

namespace poolhost::pool {
namespace {

std::string how_it_ended(const Death& death) {
    if (!death.cause.empty()) return death.cause;
    std::string text = "the worker " + (death.status ? process::predicate(*death.status) : std::string("was not born"));
    if (!death.errors.empty()) text += "; its last words: " + death.errors.back();
    return text;
}

}  // namespace

void Pool::start() {
    OomWatch::of_this_process().look(base::Clock::now());  // earlier kills explain no death of ours
    start_missing_workers();
}

// While it drains, a pool still replaces workers for the calls that wait.
bool Pool::may_start_workers() const {
    if (restart_timer_.armed()) return false;
    switch (phase_) {
        case PoolState::stopped:
            return false;
        case PoolState::stopping:
            return stop_ == Stop::drain && !queue_.empty();
        case PoolState::starting:
        case PoolState::ready:
        case PoolState::degraded:
        case PoolState::unavailable:
            break;
    }
    return true;
}

void Pool::start_missing_workers() {
    if (!may_start_workers()) return;
    const auto live = static_cast<std::size_t>(
        std::ranges::count_if(workers_, [](const auto& worker) { return worker->works() || worker->starts(); }));
    const auto starting =
        static_cast<std::size_t>(std::ranges::count_if(workers_, [](const auto& worker) { return worker->starts(); }));
    const auto idle =
        static_cast<std::size_t>(std::ranges::count_if(workers_, [](const auto& worker) { return worker->idle(); }));
    const std::size_t wanted = wanted_workers(config_.processes, live, idle + starting, queue_.size());
    if (live >= wanted) return;
    const base::Duration delay = restart_delay(config_.restart, deaths_, base::Clock::now(), jitter());
    if (delay > base::Duration{0} && !trying_again_) return back_off(delay);
    if (trying_again_ && starting > 0) return;
    const std::size_t now = trying_again_ ? live + 1 : wanted;
    for (std::size_t i = live; i < now && !restart_timer_.armed(); ++i) {
        const std::int32_t index = free_index();
        if (index < 0) return;
        start_worker(index);
    }
}

// After the wait one worker is tried; the others follow once it is ready.
void Pool::try_again_to_start() {
    trying_again_ = true;
    start_missing_workers();
}

// Calls do not wait in vain: with no worker left they fail now, with the cause.
void Pool::back_off(base::Duration delay) {
    restart_timer_.arm_after(delay);
    if (working() > 0) return;
    if (const auto text = troubles_.happened("no worker can be started: " + trouble_)) {
        listener_->on_log(config_.name, 3, *text);
    }
    fail_queue({"no worker can be started: " + trouble_, wire::PoolUnavailable{trouble_}});
}

// What was started for a longer queue ends when it has had nothing to do for `idle_timeout`.
void Pool::end_idle_workers() {
    const base::TimePoint now = base::Clock::now();
    base::TimePoint next = now + config_.processes.idle_timeout;
    std::size_t surplus = working() > config_.processes.min ? working() - config_.processes.min : 0;
    for (std::size_t i = workers_.size(); i-- > 0 && surplus > 0;) {
        Worker& worker = *workers_[i];
        if (!worker.idle()) continue;
        const base::TimePoint due = worker.idle_since() + config_.processes.idle_timeout;
        if (due > now) {
            next = std::min(next, due);
            continue;
        }
        worker.drain();
        --surplus;
    }
    if (surplus > 0) idle_timer_.arm(next);
}

std::int32_t Pool::free_index() const {
    for (std::int32_t index = 0; index < static_cast<std::int32_t>(config_.processes.max); ++index) {
        const bool taken = std::ranges::any_of(workers_, [&](const auto& worker) { return worker->index() == index; });
        if (!taken) return index;
    }
    return -1;
}

void Pool::start_worker(std::int32_t index) {
    OomWatch::of_this_process().look(base::Clock::now());  // what was killed long ago explains no death of ours
    workers_.push_back(
        std::make_unique<Worker>(*loop_, static_cast<WorkerOwner&>(*this), index, config_.start_timeout));
    Worker& worker = *workers_.back();
    // A worker that is not born yet is destroyed only by its own stillbirth, so the reference holds.
    starter_->start([this, &worker](base::Result<process::Newborn> newborn) { born(worker, std::move(newborn)); });
}

void Pool::born(Worker& worker, base::Result<process::Newborn> newborn) {
    if (!newborn) return worker.stillborn(newborn.error().message);
    if (phase_ == PoolState::stopped) base::bug("a birth after the pool's end");
    worker.adopt(std::move(*newborn), wire::encode(describe_worker(config_, *catalog_, worker.index())));
    if (phase_ == PoolState::stopping && !may_start_workers()) worker.drain();
}

void Pool::ready(Worker& worker, const wire::Ready& ready) {
    ++counters_.workers_started;
    deaths_.at_start = 0;
    trying_again_ = false;
    if (!trouble_.empty()) listener_->on_log(config_.name, 1, "workers can be started again" + troubles_.over());
    trouble_.clear();
    if (working() > config_.processes.min && !idle_timer_.armed()) {
        idle_timer_.arm_after(config_.processes.idle_timeout);
    }
    begin_use(worker);
    replacement_came(worker);
    for (const wire::LoadedTask& loaded : ready.tasks) {
        const auto known = task_ids_.find(loaded.name);
        if (known != task_ids_.end()) tasks_[static_cast<std::size_t>(known->second)].build = loaded.build_id;
    }
    start_missing_workers();
    pump();
}

void Pool::gone(Worker& worker, Death death) {
    const auto place = std::ranges::find(workers_, &worker, &std::unique_ptr<Worker>::get);
    const std::unique_ptr<Worker> dying = std::move(*place);
    workers_.erase(place);
    give_back(death.not_begun);
    const WorkerState during = death.during;
    if (death.lost != nullptr) {
        Call& lost = *death.lost;
        lose(lost, *dying, std::move(death));
    } else if (during == WorkerState::starting || during == WorkerState::working) {
        count_death(*dying, death);
    }
    answer_stack_requests(*dying, std::nullopt, "the worker died before its stack could be taken");
    if (during == WorkerState::starting) replacement_failed(*dying);
    start_missing_workers();
    pump();
    finish_stop();
}

void Pool::count_death(const Worker& worker, const Death& death) {
    trying_again_ = false;
    if (phase_ == PoolState::stopping) return;
    ++counters_.workers_lost;
    const base::TimePoint now = base::Clock::now();
    if (death.during == WorkerState::working) {
        deaths_.while_idle.push_back(now);
        std::erase_if(deaths_.while_idle, [&](base::TimePoint at) { return now - at > config_.restart.within; });
        trouble_ = how_it_ended(death);
    } else {
        // One that failed slowly counts for as many as would have failed in that time: nobody waits for ever.
        const bool slow = now - worker.begun() >= config_.restart.within;
        deaths_.at_start += slow ? config_.restart.max + 1 : 1;
        trouble_ = how_it_ended(death);
    }
    if (const auto text = troubles_.happened(trouble_)) {
        listener_->on_log(config_.name, 2, "worker " + std::to_string(worker.index()) + ": " + *text);
    }
}

void Pool::fail_queue(const wire::CallError& error) {
    std::vector<Call*> calls;
    while (!queue_.empty()) queue_.pop_batch(queue_.size(), calls);
    for (Call* call : calls) fail(*call, error, nullptr);
}

// ---- the pool's end

void Pool::stop(Stop how, std::function<void()> on_stopped) {
    on_stopped_ = std::move(on_stopped);
    phase_ = PoolState::stopping;
    restart_timer_.disarm();
    stop_ = how;
    if (how == Stop::at_once) {
        stop_now();
    } else {
        drain_if_done();
    }
    // From the loop: not from within a starter's or a caller's own callback.
    stop_timer_.arm_after(base::Duration{0});
}

void Pool::on_stop_timer() {
    if (stop_ == Stop::at_once) starter_.reset();  // births under way end now
    finish_stop();
}

void Pool::drain_if_done() {
    if (!queue_.empty() || counters_.delivered > 0) return;  // again when the last outcome is out
    for (std::size_t i = workers_.size(); i-- > 0;) workers_[i]->drain();
}

void Pool::stop_now() {
    for (std::size_t i = workers_.size(); i-- > 0;) {
        Worker& worker = *workers_[i];
        give_back(worker.revoke(worker.outstanding()));
        if (Call* const running = worker.running()) running->end = EndReason::cancelled;
        worker.kill("the host stops");
    }
    fail_queue({"the host stops", wire::Cancelled{false}});
    end_inquiries();
}

void Pool::finish_stop() {
    if (phase_ != PoolState::stopping) return;
    if (!workers_.empty() || !unattended_.empty()) return;
    phase_ = PoolState::stopped;
    if (on_stopped_) std::exchange(on_stopped_, nullptr)();
}

}  // namespace poolhost::pool
