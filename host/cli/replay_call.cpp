// SPDX-License-Identifier: Apache-2.0
#include "cli/replay_call.hpp"

#include "cli/failure_text.hpp"
#include "cli/print.hpp"
#include "cli/replay_arguments.hpp"
#include "wire/encoder.hpp"

#include <algorithm>

namespace poolhost::cli {

base::Result<std::unique_ptr<ReplayCall>> ReplayCall::begin(const capsule::Contents& contents,
                                                            std::span<const std::byte> description,
                                                            base::UniqueFd socket) {
    auto channel = channel::Channel::open(std::move(socket), description);
    if (!channel) return channel.error();
    std::unique_ptr<ReplayCall> call(new ReplayCall(contents));
    auto arguments = rebuild_arguments(contents, call->buffers_);
    if (!arguments) return arguments.error();
    call->call_.request.arguments = std::move(*arguments);
    call->call_.attempt = contents.capsule.attempt;
    call->link_.emplace(std::move(*channel), static_cast<pool::LinkListener&>(*call));
    if (auto collected = call->collect(); !collected) return collected.error();
    return call;
}

ReplayCall::ReplayCall(const capsule::Contents& contents)
    : contents_(&contents), buffers_(base::Seal::size_and_writers, 0) {}

ReplayCall::Going ReplayCall::look() {
    const auto drained = link_->drain_socket();
    const auto collected = drained ? collect() : base::Result<void>(drained.error());
    if (!collected) complain("the worker broke its protocol: " + collected.error().message);
    return collected && *drained != channel::PeerState::gone ? Going::on : Going::over;
}

// Announced before each sleep, so that nothing that was published is left unread.
base::Result<void> ReplayCall::collect() {
    link_->announce_awake();
    do {
        const auto collected = link_->collect();
        if (!collected) return collected.error();
        deliver();
    } while (!link_->announce_sleep());
    return {};
}

void ReplayCall::deliver() {
    if (!std::exchange(ready_, false)) return;
    const pool::TaskName task{pool::TaskId{0}, contents_->capsule.task};
    const auto delivered = link_->deliver(task, {&call_});
    const bool done = delivered && *delivered == pool::Delivered::yes && link_->wake();
    if (!done) complain("the call cannot be delivered");
}

// Delivered once this record has been taken.
void ReplayCall::on_ready(const wire::Ready&) { ready_ = !ended_; }

void ReplayCall::on_start_failed(const std::string& cause) {
    ended_ = true;
    code_ = ExitCode::no_host;
    failure_ = {"the worker could not start: " + cause};
}

void ReplayCall::on_result(pool::Call&, pool::LinkResult result) {
    ended_ = true;
    if (result.head.status == wire::ResultStatus::value) {
        code_ = ExitCode::success;
        value_.assign(reinterpret_cast<const char*>(result.bytes.data()), result.bytes.size());
    } else if (const auto error = wire::decode<wire::CallError>(result.bytes)) {
        code_ = exit_code_of(*error);
        failure_ = failure_text(*error);
    }
    // Then it ends by itself, and the debugger says so.
    if (link_->send_stop()) static_cast<void>(link_->wake().has_value());
}

void ReplayCall::on_log(const wire::LogLine& line) { complain(line.text); }

ExitCode ReplayCall::report() const {
    if (!ended_) complain("gdb ended before the call did");
    if (!failure_.empty()) complain(failure_);
    if (code_ != ExitCode::success) return code_;
    return print(value_ + "\n");
}

}  // namespace poolhost::cli
