// SPDX-License-Identifier: Apache-2.0
// A call that came through the channel: what its task asks for goes to the host.
#pragma once

#include "channel/channel.hpp"
#include "worker/allocations.hpp"
#include "worker/call.hpp"
#include "worker/outbox.hpp"
#include "worker/reply.hpp"

#include <mutex>

namespace poolhost::worker {

/// The place of a call among those handed to this worker.
struct CallPlace {
    std::uint32_t sequence = 0;
    std::uint16_t item = 0;
};

/// One object serves all calls of a worker, one after the other.
class TaskCall : public Call {
public:
    TaskCall(const poolhost_host_v1& host, channel::Channel& channel, Outbox& outbox);

    /// Runs the task. Where it succeeded, result() is its reply until the next call.
    std::optional<wire::CallError> run_task(CallPlace place, wire::ResultEncoding encoding,
                                            poolhost_task_function_v1 task, const CallRequest& request);
    [[nodiscard]] const Reply& result() const { return reply_; }
    /// After the outcome is on its way: what the call allocated and nobody reads is free again.
    void end();

    /// A task asked for this worker to be replaced: no further call may begin.
    [[nodiscard]] bool is_retiring() const { return retiring_; }

private:
    void reply(std::span<const std::byte> value) override;
    poolhost_buffer_v1 buffer(std::uint64_t id) override;
    poolhost_buffer_v1 allocate(std::uint64_t size) override;
    void emit(std::span<const std::byte> value) override;
    void retire(std::string_view reason) override;
    void progress(double fraction, std::string_view note) override;
    bool cancelled() override;

    [[nodiscard]] std::uint64_t number() const { return channel::call_number(place_.sequence, place_.item); }
    std::string send_partial(std::span<const std::byte> value);
    void write_partial(std::span<const std::byte> bytes, std::uint8_t flags);

    channel::Channel* channel_;
    Outbox* outbox_;
    channel::BufferPool pool_;
    Allocations allocations_;
    Reply reply_;
    CallPlace place_;
    wire::ResultEncoding encoding_ = wire::ResultEncoding::messagepack;
    std::mutex progress_mutex_;
    bool retiring_ = false;
};

}  // namespace poolhost::worker
