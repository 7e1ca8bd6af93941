// SPDX-License-Identifier: Apache-2.0
#include "worker/session.hpp"

#include "channel/batch_word.hpp"
#include "wire/encoder.hpp"
#include "worker/bounded_error.hpp"
#include "worker/log_queue.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include <stdio_ext.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

constexpr int protocol_exit_code = 76;  // EX_PROTOCOL of sysexits.h

// The host has written what no host of this build writes.
[[noreturn]] void end_on_nonsense(const char* what) {
    std::fprintf(stderr, "poolhost: the worker ends, since its host sent %s\n", what);
    ::_exit(protocol_exit_code);
}

std::int64_t nanoseconds(base::TimePoint at) { return at.time_since_epoch() / std::chrono::nanoseconds(1); }

// When the call times out: by its running time, or by its caller's deadline, whichever comes first.
std::int64_t deadline_of(const wire::ItemHead& item, base::TimePoint began) {
    if (item.timeout_ns == 0) return item.deadline_ns;
    const std::int64_t by_timeout = nanoseconds(began) + item.timeout_ns;
    return item.deadline_ns == 0 ? by_timeout : std::min(item.deadline_ns, by_timeout);
}

// What a call has printed without ending its line is its own, not the next one's.
void flush_output() {
    if (::__fpending(stdout) != 0) std::fflush(stdout);
}

wire::CallError protocol_error(const base::Error& error) {
    return {.message = error.message, .details = wire::ProtocolError{}};
}

}  // namespace

Session::Session(channel::Channel& channel, Outbox& outbox, const Template& prepared,
                 const wire::WorkerDescription& description)
    : channel_(&channel),
      outbox_(&outbox),
      template_(&prepared),
      waiter_(channel, outbox, std::chrono::nanoseconds(description.spin_ns)),
      call_(prepared.host(), channel, outbox),
      cpu_limit_(description.limits.cpu_seconds) {}

void Session::serve() {
    for (;;) {
        if (const auto record = channel_->reader().front()) {
            const Next next = take(*record);
            channel_->reader().pop();
            between_calls();
            if (next == Next::stop) return;
        } else if (channel_->reader().corrupt()) {
            end_on_nonsense("an impossible ring position");
        } else {
            waiter_.wait();
        }
    }
}

Session::Next Session::take(const channel::Record& record) {
    const auto message = wire::read_host_message(record.kind, record.payload);
    if (!message) end_on_nonsense("a record that is not in the protocol");
    return std::visit([this](const auto& held) { return take(held); }, *message);
}

Session::Next Session::take(const wire::DefineTask& definition) {
    definitions_[definition.id] = {definition.name, template_->tasks().find(definition.name)};
    return Next::serve;
}

Session::Next Session::take(const wire::ReleaseBuffers& released) {
    for (const std::uint64_t id : released.ids) lent_.erase(id);
    const auto forgotten = channel_->take_forgotten();
    if (!forgotten.empty()) {
        outbox_->send(wire::RecordKind::forget_buffers, wire::encode(wire::ForgetBuffers{forgotten}));
    }
    return Next::serve;
}

Session::Next Session::take(const wire::ForgetBuffers& forgotten) {
    for (const std::uint64_t id : forgotten.ids) channel_->forget(id);
    return Next::serve;
}

Session::Next Session::take(const wire::Stop&) { return Next::stop; }

Session::Next Session::take(const wire::BatchView& batch) {
    channel::WorkerControl& control = channel_->worker_control();
    channel::Word64& word = control.batches[batch.head.sequence % channel::batch_words];
    base::TimePoint now = base::Clock::now();
    while (!call_.is_retiring()) {
        const auto item = channel::take_item(word, batch.head.sequence);
        if (!item) break;
        if (*item >= batch.items.size()) end_on_nonsense("a batch of fewer items than it offers");
        now = run_item(batch, *item, now);
    }
    control.running.store(0, std::memory_order_release);
    return Next::serve;
}

base::TimePoint Session::run_item(const wire::BatchView& batch, std::uint16_t index, base::TimePoint now) {
    channel::WorkerControl& control = channel_->worker_control();
    control.began_ns.store(nanoseconds(now), std::memory_order_relaxed);
    control.running.store(channel::call_number(batch.head.sequence, index), std::memory_order_release);
    meter_.before_call(now);
    cpu_limit_.before_call(now);

    auto error = run_call(batch.head, index, batch.items[index], now);
    flush_output();

    const base::TimePoint ended = base::Clock::now();
    wire::ResultHead head{};
    head.sequence = batch.head.sequence;
    head.item = index;
    head.run_ns = (ended - now) / std::chrono::nanoseconds(1);
    if (const auto usage = meter_.after_call(ended - now, ended)) {
        head.flags |= wire::result_measured;
        head.cpu_ns = usage->cpu_ns;
        head.memory_growth = usage->memory_growth;
    }
    error ? publish_error(head, std::move(*error)) : publish_value(head);
    call_.end();
    outbox_->result_committed(ended - now, ended);
    if (!log_queue().is_empty()) log_queue().flush();
    return ended;
}

std::optional<wire::CallError> Session::run_call(const wire::BatchHead& head, std::uint16_t index,
                                                 const wire::ItemView& item, base::TimePoint now) {
    const auto definition = definitions_.find(head.task);
    if (definition == definitions_.end()) end_on_nonsense("a batch of a task that it never defined");
    const auto& [name, task] = definition->second;
    if (task == nullptr) return template_->tasks().unknown(name);
    const auto bytes = bytes_of(item);
    if (!bytes) return protocol_error(bytes.error());
    const auto arguments = converter_.convert(item.head.encoding, *bytes);
    if (!arguments) return arguments.error();
    const CallRequest request{*arguments, item.head.attempt, deadline_of(item.head, now)};
    return call_.run_task({head.sequence, index}, head.result_encoding, task->definition->run, request);
}

base::Result<std::span<const std::byte>> Session::bytes_of(const wire::ItemView& item) {
    if (item.head.in_buffer == 0) return item.bytes;
    wire::BufferPlace place;
    if (item.bytes.size() != sizeof place) return base::Error{"the place of an argument has a wrong size"};
    std::memcpy(&place, item.bytes.data(), sizeof place);
    const auto buffer = channel_->peer_buffer(place.id);
    if (!buffer) return buffer.error();
    const auto memory = std::span<const std::byte>((*buffer)->mapping.bytes());
    if (place.offset > memory.size() || place.size > memory.size() - place.offset) {
        return base::Error{"an argument lies beyond the end of its buffer"};
    }
    return memory.subspan(place.offset, place.size);
}

void Session::publish_value(wire::ResultHead head) {
    const Reply& result = call_.result();
    if (auto shared = outbox_->share(result.buffers()); !shared) {
        return publish_error(head, {.message = "the result cannot be shared: " + shared.error().message,
                                    .details = wire::TaskError{.type = "poolhost::result_error"}});
    }
    for (const auto& buffer : result.buffers()) lent_.emplace(buffer->id(), buffer);
    head.status = wire::ResultStatus::value;
    if (result.in_buffer()) head.flags |= wire::result_in_buffer;
    publish(head, result.bytes());
}

void Session::publish_error(wire::ResultHead head, wire::CallError error) {
    head.status = wire::ResultStatus::error;
    publish(head, wire::encode(bounded(std::move(error))));
}

void Session::publish(const wire::ResultHead& outline, std::span<const std::byte> bytes) {
    static const std::vector<channel::BufferRef> none;
    const auto& buffers = outline.status == wire::ResultStatus::value ? call_.result().buffers() : none;
    wire::ResultHead head = outline;
    head.buffer_count = static_cast<std::uint32_t>(buffers.size());
    head.size = static_cast<std::uint32_t>(bytes.size());
    const std::size_t ids_size = buffers.size() * sizeof(std::uint64_t);
    std::byte* to = outbox_->reserve(wire::RecordKind::result, sizeof head + ids_size + bytes.size()).data();
    std::memcpy(to, &head, sizeof head);
    to += sizeof head;
    for (const auto& buffer : buffers) {
        const std::uint64_t id = buffer->id();
        std::memcpy(to, &id, sizeof id);
        to += sizeof id;
    }
    std::memcpy(to, bytes.data(), bytes.size());
    outbox_->commit();
}

// A doorbell waits while there is more to run; the last record rings for all.
void Session::between_calls() {
    if (!log_queue().is_empty()) log_queue().flush();
    if (channel_->reader().empty()) outbox_->ring();
}

}  // namespace poolhost::worker
