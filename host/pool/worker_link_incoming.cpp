// SPDX-License-Identifier: Apache-2.0
// What a worker says: read out of its ring, checked, and told to the listener.
#include "pool/worker_link.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace poolhost::pool {

using base::Error;
using base::Result;

namespace {

// Far more than plugins have.
constexpr std::size_t most_tasks = 100'000;

// Where a value lies that is too large for the ring.
std::optional<wire::BufferPlace> read_place(std::span<const std::byte> bytes) {
    wire::BufferPlace place;
    if (bytes.size() != sizeof place) return std::nullopt;
    std::memcpy(&place, bytes.data(), sizeof place);
    return place;
}

}  // namespace

struct WorkerLink::Listen {
    WorkerLink& link;

    Result<void> operator()(const wire::Ready& ready) const { return link.take_ready(ready); }
    Result<void> operator()(const wire::StartFailed& failed) const {
        return link.listener_->on_start_failed(failed.cause), Result<void>{};
    }
    Result<void> operator()(const wire::ResultView& view) const { return link.take_result(view); }
    Result<void> operator()(const wire::EmittedView& view) const { return link.take_emitted(view); }
    Result<void> operator()(const wire::LogLine& line) const { return link.listener_->on_log(line), Result<void>{}; }
    Result<void> operator()(const wire::Retiring& retiring) const {
        if (std::exchange(link.retiring_, true)) return Error{"the worker asked twice to be replaced"};
        return link.listener_->on_retiring(retiring.reason), Result<void>{};
    }
    Result<void> operator()(const wire::ForgetBuffers& forget) const {
        for (const std::uint64_t id : forget.ids) link.channel_.forget(id);
        return {};
    }
};

Result<bool> WorkerLink::collect(std::size_t most) {
    bool any = false;
    for (std::size_t i = 0; i < most; ++i) {
        const auto record = channel_.reader().front();
        if (!record) break;
        any = true;
        const auto message = wire::read_worker_message(record->kind, record->payload);
        if (!message) return Error{"the worker wrote a record that is not in the protocol"};
        if (auto taken = std::visit(Listen{*this}, *message); !taken) return taken.error();
        channel_.reader().pop();
    }
    if (channel_.reader().corrupt()) return Error{"the worker wrote an impossible record into its ring"};
    if (any) send_pending_ids();
    return any;
}

Result<void> WorkerLink::take_ready(wire::Ready ready) {
    if (ready_.tasks.size() + ready.tasks.size() > most_tasks) return Error{"the worker has an absurd number of tasks"};
    std::ranges::move(ready.tasks, std::back_inserter(ready_.tasks));
    if (ready.more_follow) return {};
    listener_->on_ready(std::exchange(ready_, {}));
    return {};
}

Result<std::span<const std::byte>> WorkerLink::in_buffer(const wire::BufferPlace& place) {
    const auto buffer = channel_.peer_buffer(place.id);
    if (!buffer) return buffer.error();
    const std::span<const std::byte> bytes = (*buffer)->mapping.bytes();
    if (place.offset > bytes.size() || place.size > bytes.size() - place.offset) {
        return Error{"the worker named a place beyond its buffer"};
    }
    return bytes.subspan(place.offset, place.size);
}

Result<void> WorkerLink::take_result(const wire::ResultView& view) {
    if (batches_.empty()) return Error{"the worker sent a result that nobody asked for"};
    Batch& batch = batches_.front();
    const bool next = view.head.sequence == batch.sequence && view.head.item == batch.done && batch.done < batch.limit;
    if (!next) return Error{"the worker sent a result out of turn"};
    auto leases = lease(view);
    if (!leases) return leases.error();
    std::span<const std::byte> bytes = view.bytes;
    if ((view.head.flags & wire::result_in_buffer) != 0) {
        const auto place = read_place(bytes);
        const bool leased = place && std::ranges::find(*leases, place->id, &BufferLease::id) != leases->end();
        if (!leased) return Error{"the worker sent a result without its buffer"};
        auto value = in_buffer(*place);
        if (!value) return value.error();
        bytes = *value;
    }
    Call& call = *batch.calls[batch.done++];
    --outstanding_;
    if (batch.done == batch.limit) batches_.pop_front();
    listener_->on_result(call, LinkResult{view.head, bytes, std::move(*leases)});
    return {};
}

Result<std::vector<BufferLease>> WorkerLink::lease(const wire::ResultView& view) {
    std::vector<BufferLease> leases;
    leases.reserve(view.buffers.size());
    for (const std::uint64_t id : view.buffers) {
        auto buffer = channel_.peer_buffer(id);
        if (!buffer) return buffer.error();
        leases.emplace_back(std::move(*buffer), released_);
    }
    return leases;
}

Result<void> WorkerLink::take_emitted(const wire::EmittedView& view) {
    if (batches_.empty()) return Error{"the worker sent a partial result that nobody asked for"};
    const Batch& batch = batches_.front();
    const bool current =
        view.head.sequence == batch.sequence && view.head.item == batch.done && batch.done < batch.limit;
    if (!current) return Error{"the worker sent a partial result out of turn"};
    std::span<const std::byte> bytes = view.bytes;
    if ((view.head.flags & wire::result_in_buffer) != 0) {
        const auto place = read_place(bytes);
        if (!place) return Error{"the worker sent a partial result without its buffer"};
        auto value = in_buffer(*place);
        if (!value) return value.error();
        bytes = *value;
    }
    listener_->on_emitted(*batch.calls[batch.done], bytes);
    return {};
}

}  // namespace poolhost::pool
