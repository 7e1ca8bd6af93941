// SPDX-License-Identifier: Apache-2.0
#include "wire/records.hpp"

#include "wire/encoder.hpp"

#include <cstring>

namespace poolhost::wire {
namespace {

using Bytes = std::span<const std::byte>;

// Copies a head out before anything in it is looked at: the writer might change it meanwhile.
template <class Head>
std::optional<Head> take_head(Bytes& rest) {
    if (rest.size() < sizeof(Head)) return std::nullopt;
    Head head;
    std::memcpy(&head, rest.data(), sizeof head);
    rest = rest.subspan(sizeof head);
    return head;
}

std::optional<Bytes> take_bytes(Bytes& rest, std::size_t size) {
    if (padded(size) > rest.size()) return std::nullopt;
    const Bytes taken = rest.first(size);
    rest = rest.subspan(padded(size));
    return taken;
}

template <class Message, class Any>
std::optional<Any> decoded(Bytes payload) {
    // The encoder's bytes were padded with up to seven zeros for the ring; their true length stands in front.
    std::uint64_t size = 0;
    if (payload.size() < sizeof size) return std::nullopt;
    std::memcpy(&size, payload.data(), sizeof size);
    if (size > payload.size() - sizeof size) return std::nullopt;
    auto message = decode<Message>(payload.subspan(sizeof size, size));
    return message ? std::optional<Any>(std::move(*message)) : std::nullopt;
}

std::optional<WorkerMessage> read_result(Bytes rest) {
    const auto head = take_head<ResultHead>(rest);
    if (!head || head->status > ResultStatus::error || head->buffer_count > most_result_buffers) return std::nullopt;
    const bool error_in_buffer = head->status == ResultStatus::error && (head->flags & result_in_buffer) != 0;
    if (error_in_buffer) return std::nullopt;
    const auto ids = take_bytes(rest, std::size_t{head->buffer_count} * sizeof(std::uint64_t));
    if (!ids) return std::nullopt;
    const auto bytes = take_bytes(rest, head->size);
    if (!bytes) return std::nullopt;
    ResultView view{*head, std::vector<std::uint64_t>(head->buffer_count), *bytes};
    if (!view.buffers.empty()) std::memcpy(view.buffers.data(), ids->data(), ids->size());
    return view;
}

std::optional<WorkerMessage> read_emitted(Bytes rest) {
    const auto head = take_head<EmittedHead>(rest);
    if (!head) return std::nullopt;
    const auto bytes = take_bytes(rest, head->size);
    if (!bytes) return std::nullopt;
    return EmittedView{*head, *bytes};
}

std::optional<HostMessage> read_batch(Bytes rest) {
    const auto head = take_head<BatchHead>(rest);
    if (!head || head->count == 0 || head->count > max_batch_items) return std::nullopt;
    BatchView view{*head, {}};
    view.items.reserve(head->count);
    for (std::size_t i = 0; i < head->count; ++i) {
        const auto item = take_head<ItemHead>(rest);
        if (!item) return std::nullopt;
        const auto bytes = take_bytes(rest, item->size);
        if (!bytes) return std::nullopt;
        view.items.push_back({*item, *bytes});
    }
    return view;
}

}  // namespace

std::optional<WorkerMessage> read_worker_message(RecordKind kind, Bytes payload) {
    switch (kind) {
        case RecordKind::ready:
            return decoded<Ready, WorkerMessage>(payload);
        case RecordKind::start_failed:
            return decoded<StartFailed, WorkerMessage>(payload);
        case RecordKind::result:
            return read_result(payload);
        case RecordKind::emitted:
            return read_emitted(payload);
        case RecordKind::log_line:
            return decoded<LogLine, WorkerMessage>(payload);
        case RecordKind::retiring:
            return decoded<Retiring, WorkerMessage>(payload);
        case RecordKind::forget_buffers:
            return decoded<ForgetBuffers, WorkerMessage>(payload);
        case RecordKind::padding:
        case RecordKind::define_task:
        case RecordKind::batch:
        case RecordKind::release_buffers:
        case RecordKind::stop:
            break;
    }
    return std::nullopt;
}

std::optional<HostMessage> read_host_message(RecordKind kind, Bytes payload) {
    switch (kind) {
        case RecordKind::define_task:
            return decoded<DefineTask, HostMessage>(payload);
        case RecordKind::batch:
            return read_batch(payload);
        case RecordKind::release_buffers:
            return decoded<ReleaseBuffers, HostMessage>(payload);
        case RecordKind::forget_buffers:
            return decoded<ForgetBuffers, HostMessage>(payload);
        case RecordKind::stop:
            return decoded<Stop, HostMessage>(payload);
        case RecordKind::padding:
        case RecordKind::ready:
        case RecordKind::start_failed:
        case RecordKind::result:
        case RecordKind::emitted:
        case RecordKind::log_line:
        case RecordKind::retiring:
            break;
    }
    return std::nullopt;
}

}  // namespace poolhost::wire
