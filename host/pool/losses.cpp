// SPDX-License-Identifier: Apache-2.0
// What follows for a call when its worker has died, or when it has run for too long: another attempt, or an outcome
// that says why.
#include "pool/loss_cause.hpp"
#include "pool/oom_watch.hpp"
#include "pool/pool.hpp"
#include "pool/remains.hpp"

#include <algorithm>

#include <signal.h>

namespace poolhost::pool {
namespace {

// A digest of this much takes the loop less than a tenth of a millisecond; of more, the aftermath computes it.
constexpr std::uint64_t quickly_digested = 1 << 20;

std::string why_no_stack(const wire::WorkerLost& lost) {
    if (lost.cause == wire::LossCause::exit) return "the worker exited, nothing crashed";
    if (lost.signal == "SIGKILL") return "a process that gets SIGKILL runs nothing more";
    return "the worker wrote none down: something else handles " + lost.signal + " there";
}

wire::CallError lost_error(const std::string& task, pid_t pid, const Death& death, wire::LossCause cause) {
    if (!death.cause.empty()) return {"the worker was ended: " + death.cause, wire::ProtocolError{}};
    const process::ExitStatus status = death.status.value_or(process::ExitStatus{});
    wire::WorkerLost lost;
    lost.cause = cause;
    if (status.signal != 0) lost.signal = process::signal_name(status.signal);
    if (status.signal == 0) lost.exit_code = status.code;
    lost.errors = death.errors;
    lost.stack_missing = why_no_stack(lost);
    return {"the worker (pid " + std::to_string(pid) + ") " + process::predicate(status) + " while running " + task,
            lost};
}

}  // namespace

// ---- the death of a worker that ran a call

void Pool::lose(Call& call, const Worker& worker, Death death) {
    ++counters_.workers_lost;
    const RunBy by{worker.pid(), worker.index()};
    const base::TimePoint now = base::Clock::now();
    const base::Duration run = now - death.began;
    if (call.end != EndReason::none) return conclude(call, {ended_error(call, true), by, run});

    const wire::CallError error = lost_error(task_of(call).name, by.pid, death, loss_cause(evidence_of(death, now)));
    Suspect suspect{InputIdentity{outline_of(call), task_of(call).build, {}}, Suspicion::none};
    suspect.suspicion = suspect_input(suspect.input, call, error);
    Remains remains = remains_for(call, worker, error);
    remains.request.stack = std::move(death.stack);
    remains.request.wants_digest = suspect.suspicion == Suspicion::digest_missing;
    const bool again = !stops_at_once() && may_retry(task_of(call).idempotent, call.attempt, config_.retries) &&
                       !(suspect.suspicion == Suspicion::counted && quarantine_.holds(suspect.input, now));
    if (again) try_again(call);
    const wire::AftermathRequest& request = remains.request;
    const bool anything_to_find = aftermath_ != nullptr && (request.stack || request.capsule || request.wants_digest);
    if (!anything_to_find) {
        if (!again) conclude(call, {error, by, run});
    } else if (again) {
        examine_unattended(std::move(remains), [this, suspect](const auto& found) { note_findings(suspect, found); });
    } else {
        inquire(call, std::move(remains), suspect);
        conclude(call, {error, by, run});
    }
}

LossEvidence Pool::evidence_of(const Death& death, base::TimePoint now) const {
    LossEvidence evidence;
    evidence.status = death.status.value_or(process::ExitStatus{});
    evidence.memory_limit = config_.limits.memory;
    if (death.stack) evidence.data_size = base::Bytes{death.stack->data_size};
    evidence.oom_kill = evidence.status.signal == SIGKILL && OomWatch::of_this_process().explains_a_kill(now);
    return evidence;
}

// Back to where it came from, at the head of its client's calls.
void Pool::try_again(Call& call) {
    ++call.attempt;
    ++counters_.retried;
    call.state = CallState::queued;
    give_back({&call});
}

// ---- inputs that kill

// Whoever sends a SIGKILL from outside blames no input.
Pool::Suspicion Pool::suspect_input(InputIdentity& input, const Call& call, const wire::CallError& error) {
    const auto* const lost = std::get_if<wire::WorkerLost>(&error.details);
    if (config_.quarantine == 0 || lost == nullptr || lost->cause == wire::LossCause::killed) return Suspicion::none;
    if (input.outline.size > quickly_digested) return Suspicion::digest_missing;
    input.digest = digest_of(call.request.arguments);
    quarantine_.add(input, base::Clock::now());
    return Suspicion::counted;
}

void Pool::note_findings(Suspect suspect, const wire::Findings& findings) {
    if (!findings.capsule_missing.empty()) {
        listener_->on_log(config_.name, 2, "no capsule was written: " + findings.capsule_missing);
    }
    if (suspect.suspicion == Suspicion::digest_missing && findings.digest) {
        suspect.input.digest = *findings.digest;
        quarantine_.add(suspect.input, base::Clock::now());
        suspect.suspicion = Suspicion::counted;
    }
    if (suspect.suspicion == Suspicion::counted && findings.capsule) {
        quarantine_.add_capsule(suspect.input, *findings.capsule);
    }
}

void Pool::refuse_quarantined(std::vector<Call*>& calls) {
    std::erase_if(calls, [this](Call* call) {
        const auto refusal = quarantine_refusal(*call);
        if (refusal) fail(*call, *refusal, nullptr);
        return refusal.has_value();
    });
}

std::optional<wire::CallError> Pool::quarantine_refusal(const Call& call) {
    const InputOutline outline = outline_of(call);
    if (!quarantine_.may_hold(outline)) return std::nullopt;
    const InputIdentity input{outline, task_of(call).build, digest_of(call.request.arguments)};
    if (!quarantine_.holds(input, base::Clock::now())) return std::nullopt;
    return wire::CallError{"this input of " + task_of(call).name + " has killed " + std::to_string(config_.quarantine) +
                               " workers or more and is not run again for a while",
                           wire::Quarantined{quarantine_.capsules_of(input)}};
}

// ---- a call that does not end

// Its outcome waits for its stack, and its worker is not killed before that was taken.
void Pool::inquire_into_timeout(Call& call) {
    inquiries_[call.id()].waits = true;
    const base::TimePoint kill_at = base::Clock::now() + config_.grace;
    Remains remains = remains_for(call, *call.worker, ended_error(call, true));
    request_stack(call, [this, id = call.id(), kill_at, remains](auto sample, const std::string& missing) {
        Call* const timed_out = table_.find(id);
        if (timed_out == nullptr) return;
        if (timed_out->state == CallState::delivered) add_limit(kill_at, *timed_out, Limit::Kind::grace);
        Remains found = remains;
        found.request.stack = std::move(sample);
        if (aftermath_ == nullptr || (!found.request.stack && !found.request.capsule)) {
            return found_out(*timed_out, without_stack(missing));
        }
        found.why_no_stack = missing;
        inquire(*timed_out, std::move(found), Suspect{});
    });
    call.worker->resume();
}

// ---- outcomes that wait for what is found out

void Pool::inquire(Call& call, Remains remains, Suspect suspect) {
    auto tell = [this, id = call.id(), suspect = std::move(suspect), why = remains.why_no_stack](wire::Findings found) {
        if (found.stack.empty() && found.stack_missing.empty()) found.stack_missing = why;
        note_findings(suspect, found);
        found_out(*table_.find(id), found);
    };
    Inquiry& inquiry = inquiries_[call.id()];
    inquiry.waits = true;
    inquiry.examination = aftermath_->examine(std::move(remains), std::move(tell));
}

void Pool::found_out(Call& call, const wire::Findings& findings) {
    Inquiry& inquiry = inquiries_.at(call.id());
    inquiry.findings = findings;
    if (inquiry.ending) deliver_ending(call);
}

// The call has ended; its outcome follows as soon as there is nothing more to find out.
void Pool::conclude(Call& call, Inquiry::Ending ending) {
    Inquiry& inquiry = inquiries_[call.id()];
    inquiry.ending = std::move(ending);
    call.state = CallState::ended;
    call.worker = nullptr;
    const bool waits = inquiry.waits && !inquiry.findings;
    if (!waits || stops_at_once()) deliver_ending(call);
}

void Pool::deliver_ending(Call& call) {
    const auto place = inquiries_.find(call.id());
    const Inquiry inquiry = std::move(place->second);
    inquiries_.erase(place);
    const Inquiry::Ending& ending = *inquiry.ending;
    const wire::CallError error = with_findings(ending.error, inquiry.findings.value_or(wire::Findings{}));
    Outcome outcome = outcome_of(call, nullptr);
    outcome.worker = ending.worker;
    outcome.plugin_build = task_of(call).build;
    outcome.run = ending.run;
    outcome.error = &error;
    finish(call, std::move(outcome));
}

// The pool stops at once: nobody waits for findings any more.
void Pool::end_inquiries() {
    std::vector<CallId> ended;
    for (const auto& [id, inquiry] : inquiries_) {
        if (inquiry.ending) ended.push_back(id);
    }
    for (const CallId id : ended) {
        if (Call* const call = table_.find(id)) deliver_ending(*call);
    }
    unattended_.clear();
}

// For a loss or a timeout: with a capsule where such calls are kept.
Remains Pool::remains_for(const Call& call, const Worker& worker, const wire::CallError& error) const {
    if (aftermath_ == nullptr) return {};
    const Task& task = task_of(call);
    const FailedCall failed{call, task.name, task.build, worker.index(), error, config_, *catalog_};
    Remains remains = remains_of(failed);
    const auto cause = capsule_cause(error);
    if (!cause || !aftermath_->keeps(*cause)) return remains;
    remains.request.capsule = capsule_of(failed);
    remains.request.folder = aftermath_->folder();
    return remains;
}

}  // namespace poolhost::pool
