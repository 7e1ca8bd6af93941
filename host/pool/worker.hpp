// SPDX-License-Identifier: Apache-2.0
// One worker as the host sees it, from its birth to its burial.
#pragma once

#include "pool/decisions.hpp"
#include "pool/listener.hpp"
#include "pool/output_lines.hpp"
#include "pool/worker_link.hpp"
#include "process/exit_watch.hpp"
#include "process/starter.hpp"

#include <optional>
#include <string>

namespace poolhost::pool {

enum class WorkerState {
    starting,  // being born, or not ready yet
    working,   // takes calls
    draining,  // gets no more calls, then is told to stop
    stopping,  // was told to stop
};

/// What a pool that recycles its workers keeps of each.
struct Recycling {
    RecycleLimits limits;
    std::optional<std::int64_t> memory_when_ready;  // private resident bytes
    std::int64_t memory_growth = 0;                 // since then, as it was last looked at
    base::TimePoint looked{};
    base::TimePoint not_before{};  // its last replacement could not be started
    bool due = false;              // it is on its way out, or as soon as its replacement is ready
};

/// How a worker ended, and what it left behind.
struct Death {
    WorkerState during = WorkerState::starting;
    std::optional<process::ExitStatus> status;  // absent where it was never born
    std::string cause;                // why it could not start, or why the host ended it; empty: it ended by itself
    Call* lost = nullptr;             // the call that it was running
    std::vector<Call*> not_begun;     // oldest first; they go back to the queue
    base::TimePoint began{};          // when that began, as the worker said
    std::vector<std::string> errors;  // the last lines of its standard error
    std::optional<wire::StackSample> stack;  // of the thread that crashed, where it could write it down
};

class Worker;

/// What a worker tells its pool. None of these may destroy the worker, except gone(), which may.
class WorkerOwner {
public:
    WorkerOwner() = default;
    WorkerOwner(const WorkerOwner&) = delete;
    WorkerOwner& operator=(const WorkerOwner&) = delete;
    virtual ~WorkerOwner() = default;

    virtual void ready(Worker& worker, const wire::Ready& ready) = 0;
    virtual void result(Worker& worker, Call& call, LinkResult result) = 0;
    virtual void emitted(Worker& worker, Call& call, std::span<const std::byte> value) = 0;
    /// It wrote or logged a line; of `line` only the stream, the level and the text are filled in.
    virtual void line(const Worker& worker, WorkerLine line) = 0;
    /// It begins nothing more: what it has not begun is to be taken back.
    virtual void retiring(Worker& worker) = 0;
    /// Results were collected; it may have room for more calls.
    virtual void collected(Worker& worker) = 0;
    /// The answer to take_stack(); nothing where none came in time.
    /// The time that watch() was told has come.
    virtual void look_due(Worker& worker) = 0;
    virtual void stack_taken(Worker& worker, std::optional<wire::StackSample> sample) = 0;
    virtual void gone(Worker& worker, Death death) = 0;
};

/// One thread: the host's. Destroying one that lives kills and reaps it.
class Worker final : private LinkListener {
public:
    Worker(boost::asio::io_context& loop, WorkerOwner& owner, std::int32_t index, base::Duration start_timeout);
    ~Worker() override;

    /// Takes a newborn over: opens its channel, hands it its description and waits for it to be ready.
    void adopt(process::Newborn newborn, std::span<const std::byte> description);
    /// It was not born at all.
    void stillborn(const std::string& cause);

    [[nodiscard]] std::int32_t index() const { return index_; }
    [[nodiscard]] bool born() const { return process_.pid() > 0; }
    [[nodiscard]] pid_t pid() const { return process_.pid(); }
    [[nodiscard]] WorkerState state() const { return state_; }
    [[nodiscard]] bool starts() const { return state_ == WorkerState::starting && !killed_; }
    [[nodiscard]] bool works() const { return state_ == WorkerState::working && !killed_; }
    /// It may be handed calls: it works, answers, and is not kept for the end of one call.
    [[nodiscard]] bool takes_calls() const { return works() && !reserved_ && !stalled_since_; }
    [[nodiscard]] bool stalled() const { return stalled_since_.has_value(); }
    [[nodiscard]] bool idle() const { return takes_calls() && link_->outstanding() == 0; }
    [[nodiscard]] std::size_t outstanding() const { return link_ ? link_->outstanding() : 0; }
    [[nodiscard]] base::TimePoint begun() const { return begun_; }
    /// The call that it runs; nullptr where it runs none.
    [[nodiscard]] Call* running() const { return link_ ? link_->running() : nullptr; }
    /// The call whose output is being read: the one that it runs, or has just ended.
    [[nodiscard]] const Call* speaks_for() const { return ended_call_ != nullptr ? ended_call_ : running(); }
    [[nodiscard]] WorkerLink* link() { return link_ ? &*link_ : nullptr; }
    [[nodiscard]] base::TimePoint idle_since() const { return idle_since_; }
    /// When it was ready, and how many calls it has answered since.
    [[nodiscard]] base::TimePoint ready_since() const { return ready_since_; }
    [[nodiscard]] std::uint64_t answered() const { return answered_; }
    [[nodiscard]] Recycling& recycling() { return recycling_; }
    [[nodiscard]] const Recycling& recycling() const { return recycling_; }

    /// Hands calls over; false where it cannot take them now. A worker that broke the protocol is ended.
    bool deliver(const TaskName& task, const std::vector<Call*>& calls);
    void wake();
    std::vector<Call*> revoke(std::size_t most);
    /// Its running call shall end: gets no other calls until that one has its result.
    void end_running(const Call& call);
    /// One of its calls may run for `shortest` at most: the owner is to look as soon as one can have done so.
    void watch(base::Duration shortest);
    void watch_until(base::TimePoint next) { watch_timer_.arm(next); }
    /// The least of what watch() was told since it last had nothing to do.
    [[nodiscard]] base::Duration shortest_limit() const { return shortest_limit_; }
    /// Asks for the stack of its main thread; the owner is told once, soon, whatever happens short of its death.
    /// Requests made meanwhile share the answer.
    void take_stack();
    /// It continues if it was stopped: what it was signalled before comes first.
    void resume();
    /// Looks whether it takes what was delivered to it. A worker that is stopped while idle does not: then it returns
    /// the calls, and the worker gets none until it has answered; after `start_timeout` it is ended.
    std::vector<Call*> look_after(base::TimePoint now);
    /// Reads what it has published by now.
    void collect();

    /// No more calls; ends in order once its last one is done.
    void drain();
    /// Kills it for the sake of a call that does not end; its death speaks against no worker.
    void give_up(std::string cause);
    /// SIGKILL to it and its process group; `cause` says why, for whoever asks.
    void kill(std::string cause);

private:
    void on_ready(const wire::Ready& ready) override;
    void on_start_failed(const std::string& cause) override;
    void on_result(Call& call, LinkResult result) override;
    void on_emitted(Call& call, std::span<const std::byte> value) override;
    void on_log(const wire::LogLine& line) override;
    void on_retiring(const std::string& reason) override;

    void on_socket();
    void on_exit();
    void read_words_of(const Call& call);
    void stop_when_drained();
    void end_overdue();
    void collect_last_words();
    void refuse(base::TimePoint now);
    void look_for_answer(base::TimePoint now);
    void look_for_stack();
    void end_stack_request();
    /// The worker broke the protocol.
    void broken(const base::Error& error);

    boost::asio::io_context* loop_;
    WorkerOwner* owner_;
    std::int32_t index_;
    base::Duration start_timeout_;
    WorkerState state_ = WorkerState::starting;
    bool killed_ = false;   // SIGKILL was sent, or it ended; its burial follows
    bool closing_ = false;  // its end of the socket is closed
    bool trusted_ = true;   // it has not broken the protocol
    std::string cause_;
    bool reserved_ = false;                       // a call that was told to end still runs
    const Call* ended_call_ = nullptr;            // while its last words are read
    base::TimePoint begun_ = base::Clock::now();  // when its birth was asked for
    base::TimePoint idle_since_{};
    base::TimePoint ready_since_{};
    std::uint64_t answered_ = 0;
    Recycling recycling_;
    base::TimePoint delivered_{};                   // the newest delivery
    base::TimePoint heard_{};                       // its newest result
    std::optional<base::TimePoint> stalled_since_;  // it was handed calls and did not take them
    std::optional<base::TimePoint> refused_since_;  // nothing could be handed to it, idle as it was
    process::Process process_;
    std::optional<process::ExitWatch> exit_watch_;
    std::optional<WorkerLink> link_;
    Readiness socket_readiness_;
    std::optional<OutputLines> output_;
    std::optional<OutputLines> errors_;
    Timer again_timer_;                          // there was more to read than a turn allows
    std::optional<std::uint64_t> stack_before_;  // the stack area's version when its stack was asked for
    Timer stack_timer_;
    base::Duration shortest_limit_{0};
    Timer watch_timer_;
    Timer start_timer_;
    Timer stop_timer_;  // an orderly end that takes too long
};

}  // namespace poolhost::pool
