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

constexpr std::size_t ids_a_record = 1024;
static_assert(ids_a_record * sizeof(std::uint64_t) < channel::largest_encoded / 2);
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

template <class Message>
bool WorkerLink::send_ids(RecordKind kind, std::vector<std::uint64_t>& ids) {
    while (!ids.empty()) {
        const auto first = ids.end() - static_cast<std::ptrdiff_t>(std::min(ids.size(), ids_a_record));
        if (!channel_.send(kind, wire::encode(Message{{first, ids.end()}}))) return false;
        ids.erase(first, ids.end());
    }
    return true;
}

bool WorkerLink::send_pending_ids() {
    const auto forgotten = channel_.take_forgotten();
    forgotten_.insert(forgotten_.end(), forgotten.begin(), forgotten.end());
    return send_ids<wire::ForgetBuffers>(RecordKind::forget_buffers, forgotten_) &&
           send_ids<wire::ReleaseBuffers>(RecordKind::release_buffers, released_->ids);
}

Result<bool> WorkerLink::share_buffers(const std::vector<Call*>& calls) {
    for (const Call* call : calls) {
        for (const channel::BufferRef& buffer : call->request.arguments.buffers) {
            auto sent = channel_.share(buffer, base::Blocking::no);
            if (!sent) return sent.error();
            // A worker that is gone has died, and its end says of what: nothing is wrong with its channel.
            if (*sent != base::SendOutcome::sent) return false;
        }
    }
    return true;
}

Result<Delivered> WorkerLink::deliver(const TaskName& task, const std::vector<Call*>& calls) {
    if (full() || !define(task) || !send_pending_ids()) return not_now();
    auto shared = share_buffers(calls);
    if (!shared) return shared.error();
    if (!*shared) return not_now();
    std::size_t size = sizeof(wire::BatchHead);
    for (const Call* call : calls) size += item_size(*call);
    const auto space = channel_.writer().reserve(RecordKind::batch, size);
    if (!space) return not_now();
    Batch batch{next_sequence_++, static_cast<std::uint16_t>(calls.size()), 0, calls};
    write_batch(*space, task.id, batch);
    channel::open_batch(word_of(batch), batch.sequence, batch.limit);
    outstanding_ += calls.size();
    batches_.push_back(std::move(batch));
    channel_.writer().commit();
    return Delivered::yes;
}

Result<Delivered> WorkerLink::not_now() {
    if (channel_.writer().corrupt()) return Error{"the worker wrote an impossible position of the ring"};
    return Delivered::not_now;
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
    const auto revoked = channel::revoke_items(word_of(batch), static_cast<std::uint16_t>(keep));
    if (!revoked) return Error{"the worker keeps changing the state of a batch"};
    auto state = checked(batch, *revoked);
    if (!state) return state.error();
    if (state->limit < batch.done) return Error{"the worker answered items that it gave back"};
    batch.limit = state->limit;
    return state;
}

Result<std::vector<Call*>> WorkerLink::revoke(std::size_t most) {
    std::size_t count = 0;
    for (auto batch = batches_.rbegin(); batch != batches_.rend() && count < most; ++batch) {
        const std::size_t before = batch->limit;
        const std::size_t wish = most - count;
        auto state = lower_limit(*batch, before > wish ? before - wish : 0);
        if (!state) return state.error();  // the calls stay in the link, for take_all()
        count += before - batch->limit;
    }
    std::vector<Call*> taken;
    for (Batch& batch : batches_) {
        const auto first = batch.calls.begin() + batch.limit;
        taken.insert(taken.end(), first, batch.calls.end());
        batch.calls.erase(first, batch.calls.end());
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

std::uint64_t WorkerLink::running_number() const {
    if (running() == nullptr) return 0;
    return channel::call_number(batches_.front().sequence, batches_.front().done);
}

base::TimePoint WorkerLink::running_since() const {
    const Batch& batch = batches_.front();
    const std::uint64_t number = channel::call_number(batch.sequence, batch.done);
    if (observed_.number != number) observed_ = {number, base::Clock::now()};
    const base::Duration began(channel_.worker_control().began_ns.load(std::memory_order_acquire));
    return std::clamp(base::TimePoint(began), batch.calls[batch.done]->delivered, observed_.first);
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

}  // namespace poolhost::pool
