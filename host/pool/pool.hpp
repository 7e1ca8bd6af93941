// SPDX-License-Identifier: Apache-2.0
// A pool: takes calls in, hands them to its workers, and gives each exactly one outcome.
#pragma once

#include "catalog/catalog.hpp"
#include "config/pool_config.hpp"
#include "pool/call_queue.hpp"
#include "pool/call_table.hpp"
#include "pool/decisions.hpp"
#include "pool/listener.hpp"
#include "pool/worker.hpp"

#include <array>
#include <functional>
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
    std::uint64_t delivered = 0;
    std::uint64_t workers_started = 0;
    std::uint64_t workers_lost = 0;  // in a call, at start or while idle

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
};

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
        RunTime run_time;
    };
    struct Limit {
        CallId call;
        enum class Kind { deadline, running, grace } kind;
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
    void add_limit(base::TimePoint at, const Call& call, Limit::Kind kind);
    void on_limits();
    void check_limit(Call& call, Limit::Kind kind, base::TimePoint now);
    void check_running(Call& call, base::TimePoint now);
    void check_grace(Call& call);
    void end_call(Call& call, EndReason reason);
    void take_back_or_end(Call& call, EndReason reason);
    [[nodiscard]] wire::CallError ended_error(const Call& call, bool begun) const;

    // supervision.cpp: births, deaths and the end
    [[nodiscard]] bool may_start_workers() const;
    void start_missing_workers();
    void back_off(base::Duration delay);
    void end_idle_workers();
    void start_worker(std::int32_t index);
    [[nodiscard]] std::int32_t free_index() const;
    void born(Worker& worker, base::Result<process::Newborn> newborn);
    void count_death(const Worker& worker, const Death& death);
    void lose(Call& call, const Worker& worker, const Death& death);
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
    std::multimap<base::TimePoint, Limit> limits_;
    Deaths deaths_;
    std::string trouble_;
    Counters counters_;
    PoolState phase_ = PoolState::starting;  // starting, ready, stopping or stopped
    Stop stop_ = Stop::drain;
    std::function<void()> on_stopped_;
    bool pumping_ = false;
    Timer sweep_timer_;
    Timer limit_timer_;
    Timer restart_timer_;
    Timer idle_timer_;
    Timer stop_timer_;
    std::unique_ptr<process::Starter> starter_;  // first to go: its pending births end in workers that still live
};

}  // namespace poolhost::pool
