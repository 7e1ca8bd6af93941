// SPDX-License-Identifier: Apache-2.0
// What a running call is doing: its worker writes its stack down, the aftermath names the frames.
#include "pool/describe_worker.hpp"
#include "pool/pool.hpp"
#include "pool/remains.hpp"

#include <algorithm>

namespace poolhost::pool {
namespace {

// Callers behind callees; the SDK's frames and what called it are the same for every task.
std::string in_one_line(const wire::Findings& findings) {
    if (findings.stack.empty()) return "; no stack: " + findings.stack_missing;
    std::string text;
    for (const std::string& frame : findings.stack) {
        if (frame.find("poolhost::detail::") != std::string::npos) break;
        text += (text.empty() ? ": " : " <- ") + frame;
    }
    return text;
}

}  // namespace

void Pool::stack(CallId id, OnStack on_stack) {
    Call* const call = table_.find(id);
    if (call == nullptr) return on_stack(without_stack("there is no such call any more"));
    if (call->state != CallState::delivered || call->worker->running() != call) {
        return on_stack(without_stack("the call is not running"));
    }
    request_stack(*call, [this, on_stack = std::move(on_stack)](auto sample, std::string missing) {
        if (!sample) return on_stack(without_stack(std::move(missing)));
        Remains remains;
        remains.request.stack = std::move(sample);
        remains.request.plugins = describe_plugins(config_, *catalog_);
        examine_unattended(std::move(remains), on_stack);
    });
}

/// `then` is called once, from the loop: with the stack of this very call, or with the reason why there is none.
void Pool::request_stack(Call& call, decltype(StackRequest::then) then) {
    Worker& worker = *call.worker;
    stack_requests_.push_back({&worker, call.id(), worker.link()->running_number(), std::move(then)});
    worker.take_stack();
}

void Pool::stack_taken(Worker& worker, std::optional<wire::StackSample> sample) {
    answer_stack_requests(worker, sample, "the worker did not answer: it may be blocking the signal");
}

void Pool::answer_stack_requests(const Worker& worker, const std::optional<wire::StackSample>& sample,
                                 const std::string& missing) {
    const auto others = std::ranges::stable_partition(
        stack_requests_, [&](const StackRequest& request) { return request.worker != &worker; });
    std::vector<StackRequest> answered(std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
    stack_requests_.erase(others.begin(), others.end());
    for (const StackRequest& request : answered) {
        if (!sample) {
            request.then(std::nullopt, missing);
        } else if (sample->call != request.number) {
            request.then(std::nullopt, "the task ended before its stack could be taken");
        } else {
            request.then(sample, {});
        }
    }
}

void Pool::log_slow(Call& call) {
    call.logged_as_slow = true;
    const std::string what = task_of(call).name + " (call " + std::to_string(static_cast<std::uint64_t>(call.id())) +
                             ", worker " + std::to_string(call.worker->index()) + ") runs for longer than " +
                             base::in_seconds(*config_.slow);
    stack(call.id(), [this, what](const wire::Findings& findings) {
        listener_->on_log(config_.name, 2, what + in_one_line(findings));
    });
}

void Pool::examine_unattended(Remains remains, Aftermath::OnFindings on_findings) {
    if (aftermath_ == nullptr) return on_findings(without_stack("this host examines nothing"));
    const auto place = unattended_.emplace(unattended_.end());
    *place = aftermath_->examine(std::move(remains), [this, place, then = std::move(on_findings)](auto findings) {
        const std::unique_ptr<Examination> examination = std::move(*place);
        unattended_.erase(place);
        then(std::move(findings));
        finish_stop();
    });
}

}  // namespace poolhost::pool
