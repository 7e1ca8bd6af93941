// SPDX-License-Identifier: Apache-2.0
// Timeouts, deadlines and cancelling: how a call ends that does not end by itself.
//
// A queued call is taken out. One that a worker holds but has not begun is revoked. One that runs is told; the worker
// gets nothing else meanwhile, so that the SIGKILL after `grace` can harm no other call.
#include "pool/pool.hpp"

#include <algorithm>

namespace poolhost::pool {
namespace {

std::string in_seconds(base::Duration duration) {
    std::string text = std::to_string(std::chrono::duration<double>(duration).count());
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text + " s";
}

}  // namespace

void Pool::add_limit(base::TimePoint at, const Call& call, Limit::Kind kind) {
    const bool earliest = limits_.empty() || at < limits_.begin()->first;
    limits_.emplace(at, Limit{call.id(), kind});
    if (earliest) limit_timer_.arm(at);
}

void Pool::on_limits() {
    const base::TimePoint now = base::Clock::now();
    while (!limits_.empty() && limits_.begin()->first <= now) {
        const Limit limit = limits_.begin()->second;
        limits_.erase(limits_.begin());
        if (Call* const call = table_.find(limit.call)) check_limit(*call, limit.kind, now);
    }
    if (!limits_.empty()) limit_timer_.arm(limits_.begin()->first);
}

void Pool::check_limit(Call& call, Limit::Kind kind, base::TimePoint now) {
    switch (kind) {
        case Limit::Kind::deadline:
            return end_call(call, EndReason::timed_out);
        case Limit::Kind::running:
            return check_running(call, now);
        case Limit::Kind::grace:
            return check_grace(call);
    }
}

void Pool::check_running(Call& call, base::TimePoint now) {
    if (call.state != CallState::delivered || call.end != EndReason::none) return;
    const WorkerLink& link = *call.worker->link();
    if (link.running() != &call) return add_limit(now + call.limit, call, Limit::Kind::running);
    // The worker says when it began; it can be believed only within what is possible.
    const base::TimePoint began = std::clamp(link.running_since(), call.delivered, now);
    if (now < began + call.limit) return add_limit(began + call.limit, call, Limit::Kind::running);
    end_call(call, EndReason::timed_out);
}

void Pool::check_grace(Call& call) {
    const CallId id = call.id();
    Worker& worker = *call.worker;
    worker.collect();  // it may have ended just now, and then its worker stays
    if (table_.find(id) != nullptr) worker.kill(call.end == EndReason::timed_out ? "timeout" : "cancelled");
}

void Pool::cancel(CallId id) {
    if (Call* const call = table_.find(id)) end_call(*call, EndReason::cancelled);
}

void Pool::end_call(Call& call, EndReason reason) {
    if (call.end != EndReason::none) return;
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
        add_limit(base::Clock::now() + config_.grace, call, Limit::Kind::grace);
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
    return {task + (begun ? " did not end" : " did not begin") + " within " + in_seconds(limit) +
                (deadline ? " of its submission" : ""),
            wire::TimedOut{phase, limit.count(), {}}};
}

}  // namespace poolhost::pool
