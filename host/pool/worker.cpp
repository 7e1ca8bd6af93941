// SPDX-License-Identifier: Apache-2.0
#include "pool/worker.hpp"

#include <algorithm>
#include <chrono>

#include <signal.h>

namespace poolhost::pool {

using namespace std::chrono_literals;

namespace {

// Rounds of reading before the loop's other work goes on.
constexpr int rounds_at_once = 4;
// An idle worker takes a call within microseconds; one that has not after this long is stopped, or starved.
constexpr base::Duration longest_silence = 50ms;
// A call that ran for so long can well afford that what it wrote is read before its result is told. The words of
// shorter ones may be taken for the next one's.
constexpr base::Duration long_run = 100us;
// Between the end of a worker's channel and its own end, which follows at once unless the machine is overloaded.
constexpr base::Duration time_to_die = 1s;
// A handler needs well under a millisecond, unless the task blocks the signal or the machine is overloaded.
constexpr base::Duration longest_stack_request = 200ms;

}  // namespace

Worker::Worker(boost::asio::io_context& loop, WorkerOwner& owner, std::int32_t index, base::Duration start_timeout)
    : loop_(&loop),
      owner_(&owner),
      index_(index),
      start_timeout_(start_timeout),
      again_timer_(loop, [this] { collect(); }),
      stack_timer_(loop, [this] { end_stack_request(); }),
      watch_timer_(loop, [this] { owner_->look_due(*this); }),
      start_timer_(loop, [this] { kill("it was not ready within its start_timeout"); }),
      stop_timer_(loop, [this] { end_overdue(); }) {}

Worker::~Worker() {
    if (process_.pid() <= 0 || process_.reaped()) return;
    process_.kill_group(SIGKILL);
    process_.reap();
}

void Worker::adopt(process::Newborn newborn, std::span<const std::byte> description) {
    process_ = std::move(newborn.process);
    output_.emplace(*loop_, std::move(newborn.output), [this](std::string_view text) {
        owner_->line(*this, {.stream = WorkerLine::Stream::output, .text = text});
    });
    errors_.emplace(*loop_, std::move(newborn.errors), [this](std::string_view text) {
        owner_->line(*this, {.stream = WorkerLine::Stream::errors, .text = text});
    });
    auto watch = process::ExitWatch::start(*loop_, process_, [this] { on_exit(); });
    if (!watch) base::bug("cannot watch a child: " + watch.error().message);
    exit_watch_.emplace(std::move(*watch));
    auto channel = channel::Channel::open(std::move(newborn.socket), description);
    if (!channel) return kill(channel.error().message);
    link_.emplace(std::move(*channel), static_cast<LinkListener&>(*this));
    socket_readiness_ = Readiness(*loop_, link_->socket(), [this] { on_socket(); });
    start_timer_.arm_after(start_timeout_);
    if (!link_->announce_sleep()) on_socket();
}

void Worker::stillborn(const std::string& cause) {
    Death death;
    death.during = state_;
    death.cause = cause;
    owner_->gone(*this, std::move(death));
}

void Worker::broken(const base::Error& error) {
    trusted_ = false;
    kill(error.message);
}

// ---- calls

bool Worker::deliver(const TaskName& task, const std::vector<Call*>& calls) {
    const auto delivered = link_->deliver(task, calls);
    if (!delivered) broken(delivered.error());
    if (!delivered) return false;
    if (*delivered != Delivered::yes) {
        refuse(base::Clock::now());
        return false;
    }
    refused_since_.reset();
    delivered_ = base::Clock::now();
    wake();  // costs nothing unless it sleeps; and whether it does, the host cannot know from what it has handed over
    return true;
}

void Worker::end_running(const Call& call) {
    reserved_ = true;
    link_->cancel_running(call);
}

std::vector<Call*> Worker::look_after(base::TimePoint now) {
    if (!works()) return {};
    if (stalled_since_) {
        look_for_answer(now);
        return {};
    }
    const bool untouched = link_->outstanding() > 0 && link_->running() == nullptr;
    if (!untouched || now - std::max(delivered_, heard_) < longest_silence) return {};
    stalled_since_ = now;
    return revoke(link_->outstanding());
}

// It has nothing to do, and still its ring or socket is full: it gets nothing until it has been looked at again, so
// that the others are not held up, and not for ever.
void Worker::refuse(base::TimePoint now) {
    if (link_->outstanding() != 0) return;
    if (!refused_since_) refused_since_ = now;
    stalled_since_ = refused_since_;
}

void Worker::look_for_answer(base::TimePoint now) {
    if (link_->has_read_all() && (!refused_since_ || now - *refused_since_ <= start_timeout_)) {
        stalled_since_.reset();
    } else if (now - *stalled_since_ > start_timeout_) {
        kill("it took no calls for as long as its start_timeout");
    }
}

void Worker::watch(base::Duration shortest) {
    shortest_limit_ = watch_timer_.armed() ? std::min(shortest_limit_, shortest) : shortest;
    if (!watch_timer_.armed()) watch_timer_.arm_after(shortest);
}

void Worker::take_stack() {
    if (stack_before_) return;
    stack_before_ = channel::stack_version(link_->channel().stack_area());
    stack_timer_.arm_after(longest_stack_request);
    process_.kill(channel::stack_signal());
}

void Worker::resume() { process_.kill(SIGCONT); }

void Worker::look_for_stack() {
    if (!stack_before_ || channel::stack_version(link_->channel().stack_area()) == *stack_before_) return;
    end_stack_request();
}

void Worker::end_stack_request() {
    const bool written = channel::stack_version(link_->channel().stack_area()) != *stack_before_;
    stack_before_.reset();
    stack_timer_.disarm();
    owner_->stack_taken(*this, written ? channel::read_stack(link_->channel().stack_area()) : std::nullopt);
}

void Worker::wake() {
    const auto woken = link_->wake();
    if (!woken) broken(woken.error());
}

std::vector<Call*> Worker::revoke(std::size_t most) {
    if (!link_) return {};
    auto revoked = link_->revoke(most);
    if (revoked) return std::move(*revoked);
    broken(revoked.error());
    return {};
}

void Worker::collect() {
    if (!link_ || killed_) return;
    link_->announce_awake();
    bool again = true;
    for (int round = 0; again && round < rounds_at_once; ++round) {
        const auto collected = link_->collect();
        if (!collected) return broken(collected.error());
        if (*collected) owner_->collected(*this);
        if (killed_) return;
        again = !link_->announce_sleep();
    }
    if (again) again_timer_.arm_after(0ns);  // it writes as fast as we read, or faster: others come first
    stop_when_drained();
}

void Worker::on_socket() {
    const auto drained = link_->drain_socket();
    if (!drained) return broken(drained.error());
    look_for_stack();
    collect();
    if (*drained == channel::PeerState::gone) {
        socket_readiness_ = Readiness();
        // It is ending, and its exit follows at once; or a task has closed the channel under it.
        closing_ = true;
        stop_timer_.arm_after(time_to_die);
    }
}

// ---- listener

void Worker::on_ready(const wire::Ready& ready) {
    if (state_ != WorkerState::starting) return kill("it said twice that it is ready");
    start_timer_.disarm();
    state_ = WorkerState::working;
    ready_since_ = idle_since_ = base::Clock::now();
    output_->read_to_here();
    errors_->read_to_here();
    owner_->ready(*this, ready);
}

void Worker::on_start_failed(const std::string& cause) {
    if (state_ == WorkerState::starting && cause_.empty()) cause_ = cause;
}

void Worker::on_result(Call& call, LinkResult result) {
    heard_ = base::Clock::now();
    ++answered_;
    if (link_->outstanding() == 0) idle_since_ = heard_;
    if (call.end != EndReason::none) reserved_ = false;
    if (base::Duration(result.head.run_ns) >= long_run) read_words_of(call);
    owner_->result(*this, call, std::move(result));
}

void Worker::on_emitted(Call& call, std::span<const std::byte> value) { owner_->emitted(*this, call, value); }

void Worker::read_words_of(const Call& call) {
    ended_call_ = &call;
    output_->read_to_here();
    errors_->read_to_here();
    ended_call_ = nullptr;
}

void Worker::on_log(const wire::LogLine& line) {
    owner_->line(*this, {.stream = WorkerLine::Stream::log, .level = line.level, .text = line.text});
}

void Worker::on_retiring(const std::string& reason) {
    on_log({.level = 1, .text = "the worker asks to be replaced: " + reason});
    if (works()) state_ = WorkerState::draining;
    owner_->retiring(*this);
}

// ---- the end

void Worker::drain() {
    if (works()) state_ = WorkerState::draining;
    if (state_ == WorkerState::starting) return kill("the pool stops");
    stop_when_drained();
}

void Worker::stop_when_drained() {
    if (killed_ || state_ != WorkerState::draining || link_->outstanding() != 0) return;
    state_ = WorkerState::stopping;
    if (!link_->send_stop()) return kill("its ring took no stop message");
    wake();
    stop_timer_.arm_after(5s);
}

void Worker::end_overdue() {
    if (!closing_) return kill("it did not end when told to stop");
    // What dies closes its channel first: then it dies of what it dies of, however long that takes.
    if (process_.is_ending()) return stop_timer_.arm_after(time_to_die);
    kill("it closed its channel");
}

void Worker::give_up(std::string cause) {
    state_ = WorkerState::draining;
    kill(std::move(cause));
}

void Worker::kill(std::string cause) {
    if (cause_.empty()) cause_ = std::move(cause);
    if (process_.pid() > 0 && !process_.reaped()) process_.kill_group(SIGKILL);
    again_timer_.disarm();
    start_timer_.disarm();
    stop_timer_.disarm();
    watch_timer_.disarm();
    stack_timer_.disarm();
    killed_ = true;
}

void Worker::collect_last_words() {
    if (const auto drained = link_->drain_socket(); !drained) return broken(drained.error());
    if (const auto collected = link_->collect(WorkerLink::everything); !collected) broken(collected.error());
}

void Worker::on_exit() {
    Death death;
    death.during = state_;
    // What was published stands: results first, then the judgement over what was running.
    killed_ = true;
    if (link_) {
        if (trusted_) collect_last_words();
        death.lost = link_->running();
        if (death.lost != nullptr) death.began = link_->running_since();
        death.stack = channel::read_stack(link_->channel().stack_area());
        if (death.stack && death.stack->signal == channel::stack_signal()) death.stack.reset();  // an older one
        death.not_begun = link_->take_all();
        std::erase(death.not_begun, death.lost);
    }
    ended_call_ = death.lost;
    if (output_) output_->finish();
    if (errors_) {
        errors_->finish();
        death.errors = errors_->last_lines();
    }
    socket_readiness_ = Readiness();
    process_.kill_group(SIGKILL);  // the task's own children; the pid is ours until it is reaped
    death.status = process_.reap();
    death.cause = std::move(cause_);
    owner_->gone(*this, std::move(death));
}

}  // namespace poolhost::pool
