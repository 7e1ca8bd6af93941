// SPDX-License-Identifier: Apache-2.0
#include "pool/pool.hpp"

#include "wire/encoder.hpp"

#include <algorithm>
#include <numeric>

namespace poolhost::pool {
namespace {

// Unused buffers that a pool holds on to for its next large arguments.
constexpr std::size_t buffers_kept = std::size_t{1} << 30;

}  // namespace

std::uint64_t Counters::outcomes() const { return std::accumulate(failed.begin(), failed.end(), succeeded); }

Pool::Pool(PoolParts parts)
    : loop_(&parts.loop),
      config_(std::move(parts.config)),
      catalog_(std::move(parts.catalog)),
      listener_(&parts.listener),
      max_payload_(parts.max_payload),
      buffers_(base::Seal::size_and_writers, buffers_kept),
      aftermath_(parts.aftermath),
      quarantine_(config_.quarantine),
      sweep_timer_(parts.loop, [this] { sweep(); }),
      limit_timer_(parts.loop, [this] { on_limits(); }),
      restart_timer_(parts.loop, [this] { try_again_to_start(); }),
      idle_timer_(parts.loop, [this] { end_idle_workers(); }),
      stop_timer_(parts.loop, [this] { on_stop_timer(); }),
      recycle_timer_(parts.loop, [this] { on_recycle_timer(); }),
      starter_(std::move(parts.starter)) {}

Pool::~Pool() { phase_ = PoolState::stopped; }

PoolState Pool::state() const {
    if (phase_ == PoolState::stopping || phase_ == PoolState::stopped) return phase_;
    if (trouble_.empty()) return working() > 0 || config_.processes.min == 0 ? PoolState::ready : PoolState::starting;
    if (working() > 0) return PoolState::degraded;
    return restart_timer_.armed() || trying_again_ ? PoolState::unavailable : PoolState::starting;
}

std::size_t Pool::working() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(workers_, [](const auto& worker) { return worker->works(); }));
}

std::vector<const Worker*> Pool::workers() const {
    std::vector<const Worker*> all;
    for (const auto& worker : workers_) all.push_back(worker.get());
    return all;
}

std::size_t Pool::room() const { return config_.queue_limit > queue_.size() ? config_.queue_limit - queue_.size() : 0; }

boost::system::result<TaskId, wire::CallError> Pool::resolve(std::string_view name) {
    const auto known = task_ids_.find(std::string(name));
    if (known != task_ids_.end()) return known->second;
    const catalog::TaskManifest* const manifest = catalog_->find_task(name);
    if (manifest == nullptr) {
        const auto nearest = catalog_->nearest_task(name);
        std::string message = "pool " + config_.name + " has no task " + std::string(name);
        if (nearest) message += "; did you mean " + *nearest + "?";
        std::vector<std::string> searched;
        for (const config::PluginUse& plugin : config_.plugins) searched.push_back(plugin.file.string());
        return wire::CallError{message, wire::UnknownTask{nearest, catalog_->task_names(), searched}};
    }
    const TaskId id{static_cast<std::uint32_t>(tasks_.size())};
    const std::string plugin(name.substr(0, name.find('.')));
    const catalog::Manifest* const owner = catalog_->find_plugin(plugin);
    tasks_.push_back(Task{std::string(name),
                          owner != nullptr ? owner->build_id : std::string(),
                          manifest->timeout.value_or(base::Duration{0}),
                          manifest->idempotent,
                          {}});
    task_ids_.emplace(name, id);
    return id;
}

CallId Pool::submit(CallRequest request, OutcomeSink& sink, std::uint64_t tag, base::TimePoint now) {
    Call& call = table_.create();
    call.request = std::move(request);
    call.sink = &sink;
    call.tag = tag;
    call.submitted = now;
    call.limit = shortest_timeout(call.request.timeout, task_of(call).timeout, config_.timeout);
    const CallId id = call.id();
    ++counters_.submitted;
    ++counters_.queued;
    if (const auto refusal = refuse(call)) {
        call.state = CallState::queued;
        fail(call, *refusal, nullptr);
        return id;
    }
    queue_.push_back(call);
    if (call.request.deadline != base::TimePoint::max()) add_limit(call.request.deadline, call, Limit::Kind::deadline);
    pump();
    return id;
}

std::optional<wire::CallError> Pool::refuse(const Call& call) const {
    if (phase_ == PoolState::stopping || phase_ == PoolState::stopped) {
        return wire::CallError{"the pool takes no more calls", wire::ShuttingDown{}};
    }
    if (queue_.size() >= config_.queue_limit) {
        const std::string limit = std::to_string(config_.queue_limit);
        return wire::CallError{limit + " calls wait already", wire::QueueFull{queue_.size(), config_.queue_limit}};
    }
    if (state() == PoolState::unavailable) {
        return wire::CallError{"no worker can be started: " + trouble_, wire::PoolUnavailable{trouble_}};
    }
    const Arguments& arguments = call.request.arguments;
    std::uint64_t size = arguments.slice.bytes.size();
    for (const channel::BufferRef& buffer : arguments.buffers) size += buffer->bytes().size();
    if (size > max_payload_.count) {
        return wire::CallError{"the arguments take " + std::to_string(size) + " bytes; max_payload allows " +
                                   std::to_string(max_payload_.count),
                               wire::TooLarge{}};
    }
    return std::nullopt;
}

bool Pool::poll() {
    bool any = false;
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        Worker& worker = *workers_[i];
        const std::size_t before = worker.outstanding();
        if (before > 0) worker.collect();
        any = any || worker.outstanding() != before;
    }
    return any;
}

// ---- outcomes

Outcome Pool::outcome_of(const Call& call, const Worker* worker) const {
    Outcome outcome;
    outcome.id = call.id();
    outcome.tag = call.tag;
    outcome.task = task_of(call).name;
    outcome.pool = config_.name;
    outcome.attempt = call.attempt;
    const bool waited = call.state == CallState::queued;
    outcome.queued = (waited ? base::Clock::now() : call.delivered) - call.submitted;
    if (worker != nullptr) {
        outcome.worker = RunBy{worker->pid(), worker->index()};
        outcome.plugin_build = task_of(call).build;
    }
    return outcome;
}

void Pool::finish(Call& call, Outcome outcome) {
    --(call.state == CallState::queued ? counters_.queued : counters_.delivered);
    if (outcome.error == nullptr) {
        ++counters_.succeeded;
    } else {
        ++counters_.failed[outcome.error->details.index()];
    }
    if (call.deadline_entry) limits_.erase(*call.deadline_entry);
    OutcomeSink* const sink = call.sink;
    table_.release(call);
    sink->on_outcome(std::move(outcome));
    if (phase_ == PoolState::stopping && stop_ == Stop::drain) drain_if_done();
}

void Pool::fail(Call& call, const wire::CallError& error, const Worker* worker) {
    Outcome outcome = outcome_of(call, worker);
    outcome.error = &error;
    finish(call, std::move(outcome));
}

void Pool::result(Worker& worker, Call& call, LinkResult result) {
    const wire::ResultHead& head = result.head;
    Outcome outcome = outcome_of(call, &worker);
    outcome.run = base::Duration(std::max<std::int64_t>(head.run_ns, 0));
    task_of(call).run_time.add(outcome.run);
    if ((head.flags & wire::result_measured) != 0) {
        outcome.cpu = base::Duration(head.cpu_ns);
        outcome.memory_growth = head.memory_growth;
    }
    if (call.end != EndReason::none) {
        // It ended within its grace: its worker stays, the outcome is what it was going to be.
        return conclude(call, {ended_error(call, true), *outcome.worker, outcome.run});
    }
    outcome.leases = std::move(result.leases);
    if (result.bytes.size() > max_payload_.count) {
        const wire::CallError error{"the result takes " + std::to_string(result.bytes.size()) +
                                        " bytes; max_payload allows " + std::to_string(max_payload_.count),
                                    wire::TooLarge{}};
        outcome.error = &error;
        return finish(call, std::move(outcome));
    }
    if (head.status == wire::ResultStatus::value) {
        outcome.value = result.bytes;
        return finish(call, std::move(outcome));
    }
    auto error = wire::decode<wire::CallError>(result.bytes);
    const bool a_workers = error && (std::holds_alternative<wire::TaskError>(error->details) ||
                                     std::holds_alternative<wire::BadArguments>(error->details) ||
                                     std::holds_alternative<wire::UnknownTask>(error->details) ||
                                     std::holds_alternative<wire::TooLarge>(error->details));
    if (!a_workers) error = wire::CallError{"the worker sent an error that cannot be read", wire::ProtocolError{}};
    outcome.error = &*error;
    finish(call, std::move(outcome));
}

void Pool::emitted(Worker&, Call& call, std::span<const std::byte> value) {
    if (value.size() <= max_payload_.count) return call.sink->on_emitted(call.tag, value);
    listener_->on_log(config_.name, 2,
                      task_of(call).name + ": a partial result of " + std::to_string(value.size()) +
                          " bytes was dropped; max_payload allows " + std::to_string(max_payload_.count));
}

void Pool::line(const Worker& worker, WorkerLine line) {
    line.pool = config_.name;
    line.index = worker.index();
    line.pid = worker.pid();
    if (const Call* const call = worker.speaks_for()) {
        line.call = call->id();
        line.task = task_of(*call).name;
    }
    listener_->on_worker_line(line);
}

}  // namespace poolhost::pool
