// SPDX-License-Identifier: Apache-2.0
#include "pool/worker_link.hpp"

#include "channel/batch_word.hpp"
#include "wire/encoder.hpp"

#include <algorithm>
#include <cstring>

namespace poolhost::pool {

using base::Error;
using base::Result;
using channel::BatchState;
using wire::RecordKind;

namespace {

std::size_t inline_size(const Call& call) {
    const Arguments& arguments = call.request.arguments;
    return arguments.place ? sizeof(wire::BufferPlace) : arguments.slice.bytes.size();
}

std::size_t item_size(const Call& call) { return sizeof(wire::ItemHead) + wire::padded(inline_size(call)); }

std::int64_t deadline_ns(const Call& call) {
    const base::TimePoint deadline = call.request.deadline;
    return deadline == base::TimePoint::max() ? 0 : base::Duration(deadline.time_since_epoch()).count();
}

}  // namespace

std::size_t fitting_calls(const std::vector<Call*>& calls) {
    constexpr std::size_t room = channel::max_record - sizeof(channel::RecordHead);
    std::size_t size = sizeof(wire::BatchHead);
    std::size_t count = 0;
    for (const Call* call : calls) {
        size += item_size(*call);
        if (count > 0 && size > room) break;
        ++count;
    }
    return count;
}

WorkerLink::WorkerLink(channel::Channel channel, LinkListener& listener)
    : channel_(std::move(channel)), listener_(&listener) {}

channel::Word64& WorkerLink::word_of(const Batch& batch) const {
    return channel_.worker_control().batches[batch.sequence % channel::batch_words];
}

bool WorkerLink::define(const TaskName& task) {
    const auto index = static_cast<std::size_t>(task.id);
    if (index < defined_.size() && defined_[index]) return true;
    const wire::DefineTask message{static_cast<std::uint32_t>(task.id), std::string(task.name)};
    if (!channel_.send(RecordKind::define_task, wire::encode(message))) return false;
    defined_.resize(std::max(defined_.size(), index + 1));
    defined_[index] = true;
    return true;
}

bool WorkerLink::send_pending_ids() {
    const auto forgotten = channel_.take_forgotten();
    if (!forgotten.empty()) channel_.send(RecordKind::forget_buffers, wire::encode(wire::ForgetBuffers{forgotten}));
    if (released_->ids.empty()) return true;
    if (!channel_.send(RecordKind::release_buffers, wire::encode(wire::ReleaseBuffers{released_->ids}))) return false;
    released_->ids.clear();
    return true;
}

Result<bool> WorkerLink::share_buffers(const std::vector<Call*>& calls) {
    for (const Call* call : calls) {
        for (const channel::BufferRef& buffer : call->request.arguments.buffers) {
            auto sent = channel_.share(buffer, base::Blocking::no);
            if (!sent) return sent.error();
            if (*sent == base::SendOutcome::would_block) return false;
            if (*sent == base::SendOutcome::peer_gone) return Error{"the worker closed its channel"};
        }
    }
    return true;
}

Result<Delivered> WorkerLink::deliver(const TaskName& task, const std::vector<Call*>& calls) {
    if (full()) return Delivered::not_now;
    if (!define(task) || !send_pending_ids()) return Delivered::not_now;
    auto shared = share_buffers(calls);
    if (!shared) return shared.error();
    if (!*shared) return Delivered::not_now;
    std::size_t size = sizeof(wire::BatchHead);
    for (const Call* call : calls) size += item_size(*call);
    const auto space = channel_.writer().reserve(RecordKind::batch, size);
    if (!space) {
        if (channel_.writer().corrupt()) return Error{"the worker wrote an impossible position of the ring"};
        return Delivered::not_now;
    }
    Batch batch{next_sequence_++, static_cast<std::uint16_t>(calls.size()), 0, calls};
    write_batch(*space, task.id, batch);
    channel::open_batch(word_of(batch), batch.sequence, batch.limit);
    outstanding_ += calls.size();
    batches_.push_back(std::move(batch));
    channel_.writer().commit();
    return Delivered::yes;
}

void WorkerLink::write_batch(std::span<std::byte> space, TaskId task, const Batch& batch) {
    const auto put = [&space](const void* from, std::size_t size) {
        if (size != 0) std::memcpy(space.data(), from, size);
        space = space.subspan(std::min(wire::padded(size), space.size()));
    };
    const wire::BatchHead head{batch.sequence,
                               static_cast<std::uint32_t>(task),
                               batch.limit,
                               batch.calls.front()->request.result_encoding,
                               0,
                               0};
    put(&head, sizeof head);
    for (const Call* call : batch.calls) {
        const Arguments& arguments = call->request.arguments;
        const wire::ItemHead item{static_cast<std::uint32_t>(inline_size(*call)),
                                  arguments.encoding,
                                  static_cast<std::uint8_t>(arguments.place ? 1 : 0),
                                  call->attempt,
                                  call->limit.count(),
                                  deadline_ns(*call)};
        put(&item, sizeof item);
        if (arguments.place) {
            put(&*arguments.place, sizeof *arguments.place);
        } else {
            put(arguments.slice.bytes.data(), arguments.slice.bytes.size());
        }
    }
}

bool WorkerLink::send_stop() { return channel_.send(RecordKind::stop, {}); }

void WorkerLink::cancel_running(const Call& call) {
    if (batches_.empty() || running() != &call) return;
    const Batch& batch = batches_.front();
    channel_.host_control().cancelled.store(channel::call_number(batch.sequence, batch.done),
                                            std::memory_order_release);
}

// ---- what can be taken back

Result<BatchState> WorkerLink::checked(const Batch& batch, BatchState state) const {
    const bool possible = state.sequence == batch.sequence && state.limit <= batch.limit && state.cursor <= state.limit;
    if (!possible) return Error{"the worker forged the state of a batch"};
    return state;
}

Result<BatchState> WorkerLink::lower_limit(Batch& batch, std::size_t keep) {
    auto state = checked(batch, channel::revoke_items(word_of(batch), static_cast<std::uint16_t>(keep)));
    if (!state) return state.error();
    if (state->limit < batch.done) return Error{"the worker answered items that it gave back"};
    batch.limit = state->limit;
    return state;
}

Result<std::vector<Call*>> WorkerLink::revoke(std::size_t most) {
    std::vector<Call*> taken;
    for (auto batch = batches_.rbegin(); batch != batches_.rend() && taken.size() < most; ++batch) {
        const std::size_t before = batch->limit;
        const std::size_t wish = most - taken.size();
        auto state = lower_limit(*batch, before > wish ? before - wish : 0);
        if (!state) return state.error();
        const auto first = batch->calls.begin() + batch->limit;
        taken.insert(taken.begin(), first, batch->calls.begin() + static_cast<std::ptrdiff_t>(before));
        batch->calls.erase(first, batch->calls.end());
    }
    outstanding_ -= taken.size();
    drop_finished();
    return taken;
}

void WorkerLink::drop_finished() {
    std::erase_if(batches_, [](const Batch& batch) { return batch.done == batch.limit; });
}

std::size_t WorkerLink::not_begun() const {
    std::size_t count = 0;
    for (const Batch& batch : batches_) {
        const BatchState state = channel::read_batch_state(word_of(batch));
        if (state.sequence == batch.sequence && state.cursor < batch.limit) count += batch.limit - state.cursor;
    }
    return count;
}

Call* WorkerLink::running() const {
    if (batches_.empty()) return nullptr;
    const Batch& batch = batches_.front();
    const BatchState state = channel::read_batch_state(word_of(batch));
    return state.cursor > batch.done && batch.done < batch.limit ? batch.calls[batch.done] : nullptr;
}

base::TimePoint WorkerLink::running_since() const {
    return base::TimePoint(base::Duration(channel_.worker_control().began_ns.load(std::memory_order_acquire)));
}

std::vector<Call*> WorkerLink::take_all() {
    std::vector<Call*> calls;
    for (const Batch& batch : batches_) {
        calls.insert(calls.end(), batch.calls.begin() + batch.done, batch.calls.end());
    }
    batches_.clear();
    outstanding_ = 0;
    return calls;
}

// ---- what comes in

struct WorkerLink::Listen {
    WorkerLink& link;

    Result<void> operator()(const wire::Ready& ready) const { return link.listener_->on_ready(ready), Result<void>{}; }
    Result<void> operator()(const wire::StartFailed& failed) const {
        return link.listener_->on_start_failed(failed.cause), Result<void>{};
    }
    Result<void> operator()(const wire::ResultView& view) const { return link.take_result(view); }
    Result<void> operator()(const wire::EmittedView& view) const { return link.take_emitted(view); }
    Result<void> operator()(const wire::LogLine& line) const { return link.listener_->on_log(line), Result<void>{}; }
    Result<void> operator()(const wire::Retiring& retiring) const {
        return link.listener_->on_retiring(retiring.reason), Result<void>{};
    }
    Result<void> operator()(const wire::ReleaseBuffers&) const { return {}; }
    Result<void> operator()(const wire::ForgetBuffers& forget) const {
        for (const std::uint64_t id : forget.ids) link.channel_.forget(id);
        return {};
    }
};

Result<bool> WorkerLink::collect() {
    bool any = false;
    while (const auto record = channel_.reader().front()) {
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

Result<void> WorkerLink::take_result(const wire::ResultView& view) {
    if (batches_.empty()) return Error{"the worker sent a result that nobody asked for"};
    Batch& batch = batches_.front();
    const bool next = view.head.sequence == batch.sequence && view.head.item == batch.done && batch.done < batch.limit;
    if (!next) return Error{"the worker sent a result out of turn"};
    auto leases = lease(view);
    if (!leases) return leases.error();
    std::span<const std::byte> bytes = view.bytes;
    if ((view.head.flags & wire::result_in_buffer) != 0) {
        wire::BufferPlace place;
        if (bytes.size() != sizeof place || leases->empty())
            return Error{"the worker sent a result without its buffer"};
        std::memcpy(&place, bytes.data(), sizeof place);
        const auto held = std::ranges::find(*leases, place.id, &BufferLease::id);
        if (held == leases->end()) return Error{"the worker sent a result without its buffer"};
        const std::span<const std::byte> buffer = held->bytes();
        if (place.offset > buffer.size() || place.size > buffer.size() - place.offset) {
            return Error{"the worker sent a result beyond its buffer"};
        }
        bytes = buffer.subspan(place.offset, place.size);
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
    listener_->on_emitted(*batch.calls[batch.done], view.bytes);
    return {};
}

}  // namespace poolhost::pool
