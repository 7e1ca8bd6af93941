// SPDX-License-Identifier: Apache-2.0
#include "worker/task_call.hpp"

#include "base/bytes.hpp"
#include "wire/encoder.hpp"
#include "worker/bounded_error.hpp"
#include "worker/json_writer.hpp"
#include "worker/log_queue.hpp"

#include <cstring>

namespace poolhost::worker {
namespace {

// Unused result buffers that a worker holds on to: fresh pages cost fifteen times what these do.
constexpr auto standing_buffers = base::mebibytes(128);
constexpr std::size_t longest_reason = 4096;

wire::CallError result_error(const std::string& why) {
    return {.message = "the result cannot be sent: " + why,
            .details = wire::TaskError{.type = "poolhost::result_error"}};
}

void write_progress(channel::Progress& page, std::uint64_t call, double fraction, std::string_view note) {
    const std::uint64_t version = page.version.load(std::memory_order_relaxed);
    page.version.store(version + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    page.call.store(call, std::memory_order_relaxed);
    page.fraction.store(fraction, std::memory_order_relaxed);
    const std::string_view kept = cut_text(note, page.note.size() - 1);
    for (std::size_t i = 0; i < kept.size(); ++i) page.note[i].store(kept[i], std::memory_order_relaxed);
    page.note[kept.size()].store('\0', std::memory_order_relaxed);
    page.version.store(version + 2, std::memory_order_release);
}

}  // namespace

TaskCall::TaskCall(const poolhost_host_v1& host, channel::Channel& channel, Outbox& outbox)
    : Call(host),
      channel_(&channel),
      outbox_(&outbox),
      pool_(base::Seal::size, standing_buffers.count),
      allocations_(pool_),
      reply_(pool_) {}

std::optional<wire::CallError> TaskCall::run_task(CallPlace place, wire::ResultEncoding encoding,
                                                  poolhost_task_function_v1 task, const CallRequest& request) {
    place_ = place;
    encoding_ = encoding;
    reply_.begin(encoding);
    return run(task, request);
}

void TaskCall::end() {
    reply_.end();
    allocations_.clear();
}

void TaskCall::reply(std::span<const std::byte> value) {
    if (reply_.was_set()) return fail(result_error("the task replied twice"));
    if (auto set = reply_.set(value, allocations_); !set) fail(result_error(set.error().message));
}

poolhost_buffer_v1 TaskCall::buffer(std::uint64_t id) {
    const auto found = channel_->peer_buffer(id);
    if (!found) return {nullptr, 0, 0};
    const base::Mapping& mapping = (*found)->mapping;
    return {mapping.data(), mapping.size(), id};
}

poolhost_buffer_v1 TaskCall::allocate(std::uint64_t size) { return allocations_.allocate(size); }

void TaskCall::emit(std::span<const std::byte> value) {
    std::string json;
    std::string problem;
    if (encoding_ == wire::ResultEncoding::json) {
        if (auto written = write_json(value, allocations_, json); !written) problem = written.error().message;
        value = std::as_bytes(std::span(json));
    } else {
        const auto ids = referenced_buffers(value, allocations_);
        if (!ids) problem = ids.error().message;
        if (ids && !ids->empty()) problem = "it refers to memory of the final result";
    }
    if (problem.empty()) problem = send_partial(value);
    if (!problem.empty()) log_queue().push(POOLHOST_LOG_WARNING, "a partial result was dropped: " + problem);
}

// What was wrong; empty where it is on its way.
std::string TaskCall::send_partial(std::span<const std::byte> value) {
    if (value.size() <= channel::max_inline) {
        write_partial(value, 0);
        return {};
    }
    auto buffer = pool_.acquire(value.size());
    if (!buffer) return buffer.error().message;
    std::memcpy((*buffer)->bytes().data(), value.data(), value.size());
    if (const auto shared = outbox_->share({*buffer}); !shared) return shared.error().message;
    const wire::BufferPlace place{(*buffer)->id(), 0, value.size()};
    write_partial(std::as_bytes(std::span(&place, 1)), wire::result_in_buffer);
    outbox_->keep_until_read(std::move(*buffer));
    return {};
}

void TaskCall::write_partial(std::span<const std::byte> bytes, std::uint8_t flags) {
    wire::EmittedHead head;
    head.sequence = place_.sequence;
    head.item = place_.item;
    head.flags = flags;
    head.size = static_cast<std::uint32_t>(bytes.size());
    const auto space = outbox_->reserve(wire::RecordKind::emitted, sizeof head + bytes.size());
    std::memcpy(space.data(), &head, sizeof head);
    if (!bytes.empty()) std::memcpy(space.data() + sizeof head, bytes.data(), bytes.size());
    outbox_->commit();
    outbox_->ring();
}

void TaskCall::retire(std::string_view reason) {
    if (retiring_) return;
    retiring_ = true;
    outbox_->send(wire::RecordKind::retiring,
                  wire::encode(wire::Retiring{std::string(cut_text(reason, longest_reason))}));
}

void TaskCall::progress(double fraction, std::string_view note) {
    const std::lock_guard lock(progress_mutex_);
    write_progress(channel_->worker_control().progress, number(), fraction, note);
}

bool TaskCall::cancelled() { return channel_->host_control().cancelled.load(std::memory_order_relaxed) == number(); }

}  // namespace poolhost::worker
