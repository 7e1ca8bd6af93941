// SPDX-License-Identifier: Apache-2.0
// Timeouts, deadlines and cancelling: how a call ends that does not end by itself.
//
// A queued call is taken out. One that a worker holds but has not begun is revoked. One that runs is told; the worker
// gets nothing else meanwhile, so that the SIGKILL after `grace` can harm no other call.
#include "pool/pool.hpp"

#include <algorithm>

namespace poolhost::pool {
void Pool::add_limit(base::TimePoint at, Call& call, Limit::Kind kind) {
    const bool earliest = limits_.empty() || at < limits_.begin()->first;
    const auto entry = limits_.emplace(at, Limit{call.id(), kind});
    if (kind == Limit::Kind::deadline) call.deadline_entry = entry;
    if (earliest) limit_timer_.arm(at);
}

void Pool::on_limits() {
    const base::TimePoint now = base::Clock::now();
    while (!limits_.empty() && limits_.begin()->first <= now) {
        const Limit limit = limits_.begin()->second;
        limits_.erase(limits_.begin());
        Call* const call = table_.find(limit.call);
        if (call == nullptr) continue;
        if (limit.kind == Limit::Kind::grace) {
            check_grace(*call);
        } else {
            call->deadline_entry.reset();
            end_call(*call, EndReason::timed_out);
        }
    }
    if (!limits_.empty()) limit_timer_.arm(limits_.begin()->first);
}

// ---- running times: one timer a worker, however many calls it is handed

void Pool::watch(Worker& worker, const std::vector<Call*>& calls) {
    base::Duration shortest = config_.slow.value_or(base::Duration::max());
    for (const Call* call : calls) {
        if (call->limit > base::Duration{0}) shortest = std::min(shortest, call->limit);
    }
    if (shortest != base::Duration::max()) worker.watch(shortest);
}

// A call that begins after this look cannot be due before the shortest limit has passed.
void Pool::look_due(Worker& worker) {
    const base::TimePoint now = base::Clock::now();
    base::TimePoint next = now + worker.shortest_limit();
    Call* const running = worker.running();
    if (running != nullptr && running->end == EndReason::none) next = std::min(next, check_running(*running, now));
    if (worker.outstanding() > 0) worker.watch_until(next);
}

/// Ends or logs it where it has run for too long; when to look again.
base::TimePoint Pool::check_running(Call& call, base::TimePoint now) {
    const base::TimePoint began = call.worker->link()->running_since();
    base::TimePoint next = base::TimePoint::max();
    if (config_.slow && !call.logged_as_slow) {
        if (now >= began + *config_.slow) {
            log_slow(call);
        } else {
            next = began + *config_.slow;
        }
    }
    if (call.limit == base::Duration{0}) return next;
    if (now < began + call.limit) return std::min(next, began + call.limit);
    end_call(call, EndReason::timed_out);
    return base::TimePoint::max();
}

void Pool::check_grace(Call& call) {
    if (call.state != CallState::delivered) return;
    const CallId id = call.id();
    Worker& worker = *call.worker;
    worker.collect();  // it may have ended just now, and then its worker stays
    const Call* const still = table_.find(id);
    if (still != nullptr && still->state == CallState::delivered)
        worker.give_up(call.end == EndReason::timed_out ? "timeout" : "cancelled");
}

void Pool::cancel(CallId id) {
    if (Call* const call = table_.find(id)) end_call(*call, EndReason::cancelled);
}

void Pool::end_call(Call& call, EndReason reason) {
    if (call.end != EndReason::none || call.state == CallState::ended) return;
    if (call.state == CallState::delivered) return take_back_or_end(call, reason);
    queue_.remove(call);
    call.end = reason;
    fail(call, ended_error(call, false), nullptr);
}

void Pool::take_back_or_end(Call& call, EndReason reason) {
    Worker& worker = *call.worker;
    std::vector<Call*> revoked = worker.revoke(worker.outstanding());
    const bool was_revoked = std::erase(revoked, &call) > 0;
    give_back(revoked);
    call.end = reason;
    if (was_revoked) {
        fail(call, ended_error(call, false), nullptr);
    } else {
        worker.end_running(call);
        if (reason == EndReason::timed_out) inquire_into_timeout(call);
        if (reason == EndReason::cancelled) add_limit(base::Clock::now() + config_.grace, call, Limit::Kind::grace);
    }
    pump();
}

wire::CallError Pool::ended_error(const Call& call, bool begun) const {
    const std::string task = task_of(call).name;
    if (call.end == EndReason::cancelled) {
        return {task + (begun ? " was cancelled while it ran" : " was cancelled before it began"),
                wire::Cancelled{begun}};
    }
    const base::Duration since_submission = call.request.deadline - call.submitted;
    const bool deadline = call.request.deadline <= base::Clock::now();
    const base::Duration limit = deadline || !begun ? since_submission : call.limit;
    const wire::CallPhase phase = begun ? wire::CallPhase::running : wire::CallPhase::queued;
    return {task + (begun ? " did not end" : " did not begin") + " within " + base::in_seconds(limit) +
                (deadline ? " of its submission" : ""),
            wire::TimedOut{phase, limit.count(), {}, {}, {}}};
}

}  // namespace poolhost::pool
