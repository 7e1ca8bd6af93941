// SPDX-License-Identifier: Apache-2.0
// A worker's life between Ready and its end: waits for records, runs calls, publishes results.
#pragma once

#include "channel/channel.hpp"
#include "wire/description.hpp"
#include "wire/records.hpp"
#include "worker/arguments.hpp"
#include "worker/limits.hpp"
#include "worker/measure.hpp"
#include "worker/outbox.hpp"
#include "worker/task_call.hpp"
#include "worker/template.hpp"
#include "worker/waiter.hpp"

#include <string>
#include <unordered_map>

namespace poolhost::worker {

class Session {
public:
    Session(channel::Channel& channel, Outbox& outbox, const Template& prepared,
            const wire::WorkerDescription& description);

    /// Serves until the host says stop, and returns then; nothing else ends it but the end of the process.
    void serve();

private:
    struct Definition {
        std::string name;
        const Task* task;  // nullptr: unknown
    };
    enum class Next { serve, stop };

    Next take(const channel::Record& record);
    Next take(const wire::DefineTask& definition);
    Next take(const wire::BatchView& batch);
    Next take(const wire::ReleaseBuffers& released);
    Next take(const wire::ForgetBuffers& forgotten);
    Next take(const wire::Stop& stop);

    base::TimePoint run_item(const wire::BatchView& batch, std::uint16_t index, base::TimePoint now);
    std::optional<wire::CallError> run_call(const wire::BatchHead& head, std::uint16_t index,
                                            const wire::ItemView& item, base::TimePoint now);
    base::Result<std::span<const std::byte>> bytes_of(const wire::ItemView& item);
    void publish_value(wire::ResultHead head);
    void publish_error(wire::ResultHead head, wire::CallError error);
    void publish(const wire::ResultHead& head, std::span<const std::byte> bytes);
    void between_calls();

    channel::Channel* channel_;
    Outbox* outbox_;
    const Template* template_;
    Waiter waiter_;
    std::unordered_map<std::uint32_t, Definition> definitions_;
    std::unordered_map<std::uint64_t, channel::BufferRef> lent_;  // the host reads results in these
    ArgumentConverter converter_;
    TaskCall call_;
    UsageMeter meter_;
    CpuLimit cpu_limit_;
};

}  // namespace poolhost::worker
