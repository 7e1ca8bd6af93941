// SPDX-License-Identifier: Apache-2.0
// A pool: takes calls in, hands them to its workers, and gives each exactly one outcome.
#pragma once

#include "catalog/catalog.hpp"
#include "config/pool_config.hpp"
#include "pool/aftermath.hpp"
#include "pool/call_queue.hpp"
#include "pool/call_table.hpp"
#include "pool/decisions.hpp"
#include "pool/listener.hpp"
#include "pool/loss_cause.hpp"
#include "pool/quarantine.hpp"
#include "pool/repetitions.hpp"
#include "pool/worker.hpp"

#include <array>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace poolhost::pool {

enum class PoolState {
    starting,     // no worker has been ready yet
    ready,        // all wanted workers work
    degraded,     // some cannot be started
    unavailable,  // none can be started: calls fail at once
    stopping,
    stopped,
};

/// At every moment: submitted = outcomes + queued + delivered (the running ones included).
struct Counters {
    std::uint64_t submitted = 0;
    std::uint64_t succeeded = 0;
    std::array<std::uint64_t, std::variant_size_v<wire::ErrorDetails>> failed{};  // by the error's variant index
    std::uint64_t queued = 0;
    std::uint64_t delivered = 0;  // with a worker, or ended while it is being found out why
    std::uint64_t workers_started = 0;
    std::uint64_t workers_lost = 0;  // in a call, at start or while idle
    std::uint64_t workers_recycled = 0;
    std::uint64_t retried = 0;  // attempts beyond a call's first

    [[nodiscard]] std::uint64_t outcomes() const;
    [[nodiscard]] bool balanced() const { return submitted == outcomes() + queued + delivered; }
};

struct PoolParts {
    boost::asio::io_context& loop;
    config::PoolConfig config;
    std::shared_ptr<const catalog::Catalog> catalog;  // the plugins of this pool
    std::unique_ptr<process::Starter> starter;
    PoolListener& listener;
    base::Bytes max_payload = base::gibibytes(4);
    Aftermath* aftermath = nullptr;  // outlives the pool; without it stacks and capsules are missing
};

/// What stack() found.
using OnStack = std::function<void(wire::Findings)>;

/// One thread: the host's.
class Pool final : private WorkerOwner {
public:
    explicit Pool(PoolParts parts);
    /// Kills and reaps what still lives; calls without an outcome get none any more. Call stop() before.
    ~Pool() override;

    [[nodiscard]] const std::string& name() const { return config_.name; }
    [[nodiscard]] PoolState state() const;
    /// Why workers cannot be started; empty where they can.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] const config::PoolConfig& config() const { return config_; }
    [[nodiscard]] const catalog::Catalog& catalog() const { return *catalog_; }
    /// Workers that take calls now.
    [[nodiscard]] std::size_t working() const;
    [[nodiscard]] std::vector<const Worker*> workers() const;
    /// Calls that can be submitted before the queue is full.
    [[nodiscard]] std::size_t room() const;
    /// Where large arguments belong from the beginning: nothing is copied on their way to the task.
    [[nodiscard]] channel::BufferPool& buffers() { return buffers_; }

    /// Starts the workers.
    void start();
    /// The number by which calls of a task are submitted; unknown_task where the pool has none of that name.
    boost::system::result<TaskId, wire::CallError> resolve(std::string_view task);
    /// The one verb. The outcome goes to `sink` with `tag`; the sink must outlive it. Who submits many calls in one go
    /// need not ask the clock each time.
    CallId submit(CallRequest request, OutcomeSink& sink, std::uint64_t tag, base::TimePoint now = base::Clock::now());
    /// A queued call never runs; the task of a running one is told, and after `grace` its worker is replaced.
    /// Nothing happens where the call had its outcome.
    void cancel(CallId id);
    /// The native stack of a running call, which is not harmed. `on_stack` is called once, from the loop, unless the
    /// pool is destroyed before; at once where the call is not running.
    void stack(CallId id, OnStack on_stack);
    /// Reads what the workers have published without waiting to be woken; true where there was something.
    bool poll();

    enum class Stop {
        drain,   // every call gets the outcome it deserves
        at_once  // queued and running calls are cancelled, workers are killed
    };
    /// Takes no more calls; `on_stopped` is called once, from the loop, when no worker is left. at_once may follow
    /// drain; then only its own callback is called.
    void stop(Stop how, std::function<void()> on_stopped);

private:
    struct Task {
        std::string name;
        std::string build;
        base::Duration timeout{0};
        bool idempotent = false;
        RunTime run_time;
    };
    /// What is being found out about a call that fails; its outcome waits for that.
    struct Inquiry {
        bool waits = false;  // for findings
        struct Ending {
            wire::CallError error;
            RunBy worker;
            base::Duration run{0};
        };
        std::unique_ptr<Examination> examination;
        std::optional<wire::Findings> findings;
        std::optional<Ending> ending;  // absent while the call still runs
    };
    /// An input that may have killed a worker.
    enum class Suspicion {
        none,
        digest_missing,  // it is too large to be read here
        counted,         // in the quarantine
    };
    struct Suspect {
        InputIdentity input;
        Suspicion suspicion = Suspicion::none;
    };
    /// Who waits for the stack of a running call.
    struct StackRequest {
        const Worker* worker = nullptr;
        CallId call{};
        std::uint64_t number = 0;  // what its worker calls it
        std::function<void(std::optional<wire::StackSample> sample, std::string missing)> then;
    };

    // dispatch.cpp: from the queue to the workers
    void pump();
    bool deliver_batch(Worker& worker, std::size_t most);
    [[nodiscard]] Worker* next_worker(const Task& task) const;
    [[nodiscard]] std::size_t batch_for(const Worker& worker, const Task& task) const;
    base::Result<void> put_into_buffer(Call& call);
    void put_into_buffers(std::vector<Call*>& calls);
    void give_back(const std::vector<Call*>& calls);
    void sweep();
    void rebalance();
    void arm_sweep();

    // limits.cpp: timeouts, deadlines and cancelling
    void add_limit(base::TimePoint at, Call& call, Limit::Kind kind);
    void on_limits();
    void watch(Worker& worker, const std::vector<Call*>& calls);
    [[nodiscard]] base::TimePoint check_running(Call& call, base::TimePoint now);
    void check_grace(Call& call);
    void end_call(Call& call, EndReason reason);
    void take_back_or_end(Call& call, EndReason reason);
    [[nodiscard]] wire::CallError ended_error(const Call& call, bool begun) const;

    // stacks.cpp: what a running call is doing
    void request_stack(Call& call, decltype(StackRequest::then) then);
    void answer_stack_requests(const Worker& worker, const std::optional<wire::StackSample>& sample,
                               const std::string& missing);
    void log_slow(Call& call);
    void examine_unattended(Remains remains, Aftermath::OnFindings on_findings);

    // losses.cpp: what follows the end of a worker, or of a patience, for a call
    void lose(Call& call, const Worker& worker, Death death);
    [[nodiscard]] LossEvidence evidence_of(const Death& death, base::TimePoint now) const;
    void try_again(Call& call);
    [[nodiscard]] Suspicion suspect_input(InputIdentity& input, const Call& call, const wire::CallError& error);
    void note_findings(Suspect suspect, const wire::Findings& findings);
    void refuse_quarantined(std::vector<Call*>& calls);
    [[nodiscard]] std::optional<wire::CallError> quarantine_refusal(const Call& call);
    void inquire_into_timeout(Call& call);
    void inquire(Call& call, Remains remains, Suspect suspect);
    void found_out(Call& call, const wire::Findings& findings);
    void conclude(Call& call, Inquiry::Ending ending);
    void deliver_ending(Call& call);
    void end_inquiries();
    [[nodiscard]] Remains remains_for(const Call& call, const Worker& worker, const wire::CallError& error) const;

    // recycling.cpp: replacing workers that have done enough
    [[nodiscard]] std::uint64_t tasks_left(const Worker& worker) const;
    void begin_use(Worker& worker);
    void look_at_use(Worker& worker);
    void recycle(Worker& worker, const std::string& reason);
    void let_go(Worker& worker);
    void replacement_came(const Worker& replacement);
    void replacement_failed(const Worker& replacement);
    void on_recycle_timer();
    void arm_recycle_timer(base::TimePoint at);

    // supervision.cpp: births, deaths and the end
    [[nodiscard]] bool may_start_workers() const;
    [[nodiscard]] bool stops_at_once() const { return phase_ == PoolState::stopped || stop_ == Stop::at_once; }
    void start_missing_workers();
    void back_off(base::Duration delay);
    void try_again_to_start();
    void end_idle_workers();
    void start_worker(std::int32_t index);
    [[nodiscard]] std::int32_t free_index() const;
    void born(Worker& worker, base::Result<process::Newborn> newborn);
    void count_death(const Worker& worker, const Death& death);
    void fail_queue(const wire::CallError& error);
    void drain_if_done();
    void stop_now();
    void on_stop_timer();
    void finish_stop();

    // pool.cpp: in and out
    [[nodiscard]] std::optional<wire::CallError> refuse(const Call& call) const;
    void finish(Call& call, Outcome outcome);
    void fail(Call& call, const wire::CallError& error, const Worker* worker);
    [[nodiscard]] Outcome outcome_of(const Call& call, const Worker* worker) const;
    Task& task_of(const Call& call) { return tasks_[static_cast<std::size_t>(call.request.task)]; }
    [[nodiscard]] const Task& task_of(const Call& call) const {
        return tasks_[static_cast<std::size_t>(call.request.task)];
    }

    void ready(Worker& worker, const wire::Ready& ready) override;
    void result(Worker& worker, Call& call, LinkResult result) override;
    void emitted(Worker& worker, Call& call, std::span<const std::byte> value) override;
    void line(const Worker& worker, WorkerLine line) override;
    void retiring(Worker& worker) override;
    void collected(Worker& worker) override;
    void stack_taken(Worker& worker, std::optional<wire::StackSample> sample) override;
    void look_due(Worker& worker) override;
    void gone(Worker& worker, Death death) override;

    boost::asio::io_context* loop_;
    config::PoolConfig config_;
    std::shared_ptr<const catalog::Catalog> catalog_;
    PoolListener* listener_;
    base::Bytes max_payload_;
    channel::BufferPool buffers_;
    CallTable table_;
    CallQueue queue_;
    std::vector<Task> tasks_;
    std::unordered_map<std::string, TaskId> task_ids_;
    std::vector<std::unique_ptr<Worker>> workers_;
    Limits limits_;
    Aftermath* aftermath_;
    Quarantine quarantine_;
    std::map<CallId, Inquiry> inquiries_;
    std::vector<StackRequest> stack_requests_;
    std::list<std::unique_ptr<Examination>> unattended_;  // examinations that no outcome waits for
    Deaths deaths_;
    std::string trouble_;
    Repetitions troubles_;
    Counters counters_;
    PoolState phase_ = PoolState::starting;  // starting, ready, stopping or stopped
    Stop stop_ = Stop::drain;
    std::function<void()> on_stopped_;
    bool pumping_ = false;
    bool trying_again_ = false;  // a worker is started after a time without any
    Timer sweep_timer_;
    Timer limit_timer_;
    Timer restart_timer_;
    Timer idle_timer_;
    Timer stop_timer_;
    Timer recycle_timer_;
    base::TimePoint recycle_at_{};
    std::unique_ptr<process::Starter> starter_;  // first to go: its pending births end in workers that still live
};

}  // namespace poolhost::pool
