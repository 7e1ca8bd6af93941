// SPDX-License-Identifier: Apache-2.0
#include "support/hostile_worker/malice.hpp"

#include "channel/batch_word.hpp"
#include "wire/encoder.hpp"

#include <cstdio>
#include <cstring>

#include <unistd.h>

namespace poolhost::test {
namespace {

using wire::RecordKind;

constexpr std::size_t buffers_kept = 1 << 20;

std::span<std::byte> all_of(channel::Channel& channel) {
    auto* const start = reinterpret_cast<std::byte*>(&channel.worker_control());
    auto* const stack = reinterpret_cast<std::byte*>(&channel.stack_area());
    return {start, stack + channel::stack_area_size};
}

std::span<const std::byte> bytes_of(const auto& value) { return std::as_bytes(std::span(&value, 1)); }

}  // namespace

Malice::Malice(channel::Channel& channel, Honest& honest, Dice& dice)
    : channel_(&channel),
      honest_(&honest),
      dice_(&dice),
      memory_(all_of(channel)),
      repertoire_(choose_acts(dice)),
      pool_(base::Seal::size, buffers_kept) {}

void Malice::act() { (this->*repertoire_[dice_->below(repertoire_.size())])(); }

// A few acts each, so that the subtle ones are not always cut short by the gross ones.
std::vector<Malice::Act> Malice::choose_acts(Dice& dice) {
    constexpr std::array<Act, 19> acts{
        &Malice::scribble_somewhere,
        &Malice::scribble_everywhere,
        &Malice::forge_positions,
        &Malice::forge_words,
        &Malice::forge_stack,
        &Malice::forge_raw_record,
        &Malice::write_any_record,
        &Malice::write_bent_record,
        &Malice::lie_in_a_result,
        &Malice::lie_about_a_buffer,
        &Malice::lie_in_a_partial_result,
        &Malice::answer_twice,
        &Malice::flood_records,
        &Malice::send_any_frame,
        &Malice::send_odd_descriptor,
        &Malice::send_many_buffers,
        &Malice::flood_doorbells,
        &Malice::flood_output,
        &Malice::take_and_keep,
    };
    std::vector<Act> chosen(1 + dice.below(4));
    for (Act& act : chosen) act = acts[dice.below(acts.size())];
    return chosen;
}

// ---- memory

void Malice::scribble_somewhere() {
    const std::size_t reach = dice_->one_in(2) ? sizeof(channel::WorkerControl) : memory_.size();
    for (std::size_t i = dice_->below(500); i > 0; --i) {
        memory_[dice_->below(reach)] = static_cast<std::byte>(dice_->any());
    }
}

void Malice::scribble_everywhere() { dice_->fill(memory_.first(dice_->one_in(2) ? memory_.size() : 8192)); }

void Malice::forge_positions() {
    channel::SideControl& side = channel_->worker_control().side;
    if (dice_->one_in(2)) side.tail = dice_->evil(side.tail);
    if (dice_->one_in(2)) side.head = dice_->evil(side.head);
    if (dice_->one_in(2)) side.asleep = static_cast<std::uint32_t>(dice_->evil(side.asleep));
}

void Malice::forge_words() {
    channel::WorkerControl& control = channel_->worker_control();
    for (channel::Word64& word : control.batches) {
        if (dice_->one_in(4)) continue;
        channel::BatchState state = channel::unpack(word);
        if (dice_->one_in(4)) state.sequence = static_cast<std::uint32_t>(dice_->evil(state.sequence));
        if (dice_->one_in(2)) state.limit = static_cast<std::uint16_t>(dice_->evil(state.limit));
        if (dice_->one_in(2)) state.cursor = static_cast<std::uint16_t>(dice_->evil(state.limit));
        word = channel::pack(state);
    }
    control.running = dice_->evil(control.running);
    control.began_ns = static_cast<std::int64_t>(dice_->evil());
    control.progress.version = dice_->evil(control.progress.version);
    control.progress.call = dice_->evil(control.running);
}

void Malice::forge_stack() {
    channel::StackArea& area = channel_->stack_area();
    area.version = 2 * dice_->evil(1);
    area.register_count = static_cast<std::uint32_t>(dice_->evil(channel::most_registers));
    area.stack_size = static_cast<std::uint32_t>(dice_->evil(channel::most_stack));
    area.maps_size = static_cast<std::uint32_t>(dice_->evil(channel::most_maps));
    area.stack_begin = dice_->evil();
    area.call = dice_->evil();
}

// A record's head where the host reads next, with a size and kind of its own invention.
void Malice::forge_raw_record() {
    channel::SideControl& side = channel_->worker_control().side;
    const std::uint64_t tail = side.tail;
    const std::size_t place = tail % channel::ring_size / 8 * 8;
    const channel::RecordHead head{static_cast<std::uint32_t>(dice_->evil(sizeof head)),
                                   static_cast<RecordKind>(dice_->below(24))};
    std::memcpy(memory_.data() + channel::control_size + place, &head, sizeof head);
    side.tail = tail + (dice_->one_in(2) ? head.size : dice_->evil(head.size));
}

// ---- records

void Malice::write_any_record() {
    const auto kind = static_cast<RecordKind>(dice_->one_in(4) ? dice_->any() : dice_->below(24));
    honest_->write(kind, dice_->bytes(dice_->below(dice_->one_in(10) ? 60'000 : 200)));
}

std::vector<std::byte> Malice::any_message() {
    std::vector<std::uint64_t> ids(dice_->below(20));
    for (std::uint64_t& id : ids) id = dice_->evil(3);
    switch (dice_->below(5)) {
        case 0:
            return wire::encode(wire::Ready{std::vector<wire::LoadedTask>(dice_->below(30)), dice_->one_in(2)});
        case 1:
            return wire::encode(
                wire::LogLine{static_cast<std::int32_t>(dice_->any()), std::string(dice_->below(99), '\n')});
        case 2:
            return wire::encode(wire::StartFailed{"as it pleased"});
        case 3:
            return wire::encode(wire::Retiring{"as it pleased"});
        default:
            return wire::encode(wire::ForgetBuffers{ids});
    }
}

// A record of the vocabulary with a few bytes changed, under its own kind or another's.
void Malice::write_bent_record() {
    const auto message = any_message();
    const std::uint64_t size = message.size();
    std::vector<std::byte> payload(sizeof size);
    std::memcpy(payload.data(), &size, sizeof size);
    payload.insert(payload.end(), message.begin(), message.end());
    for (std::size_t i = dice_->below(4); i > 0; --i) {
        payload[dice_->below(payload.size())] = static_cast<std::byte>(dice_->evil());
    }
    honest_->write(static_cast<RecordKind>(16 + dice_->below(6)), payload);
}

wire::ResultHead Malice::bent_head() {
    wire::ResultHead head;
    const Duty duty = honest_->duties().empty() ? Duty{} : honest_->duties().front();
    head.sequence = dice_->one_in(4) ? static_cast<std::uint32_t>(dice_->evil(duty.sequence)) : duty.sequence;
    head.item = dice_->one_in(4) ? static_cast<std::uint16_t>(dice_->evil(duty.item)) : duty.item;
    head.status = static_cast<wire::ResultStatus>(dice_->below(3));
    head.flags = static_cast<std::uint8_t>(dice_->below(5));
    head.run_ns = static_cast<std::int64_t>(dice_->evil());
    head.cpu_ns = static_cast<std::int64_t>(dice_->evil());
    head.memory_growth = static_cast<std::int64_t>(dice_->evil());
    return head;
}

void Malice::lie_in_a_result() {
    wire::ResultHead head = bent_head();
    std::vector<std::byte> payload(sizeof head);
    const auto rest = dice_->bytes(dice_->below(300));
    head.buffer_count = static_cast<std::uint32_t>(dice_->one_in(3) ? dice_->evil(2) : 0);
    head.size = static_cast<std::uint32_t>(dice_->one_in(3) ? dice_->evil(rest.size()) : rest.size());
    std::memcpy(payload.data(), &head, sizeof head);
    payload.insert(payload.end(), rest.begin(), rest.end());
    honest_->write(RecordKind::result, payload);
}

void Malice::lie_about_a_buffer() {
    const auto buffer = shared_buffer();
    if (!buffer) return;
    const std::uint64_t size = buffer->bytes().size();
    const wire::BufferPlace place{dice_->one_in(4) ? dice_->evil(buffer->id()) : buffer->id(),
                                  dice_->one_in(2) ? dice_->evil(size) : 0,
                                  dice_->one_in(2) ? dice_->evil(size) : size};
    wire::ResultHead head = bent_head();
    head.flags |= wire::result_in_buffer;
    std::vector<std::uint64_t> ids(1 + dice_->below(3), buffer->id());
    if (dice_->one_in(3)) ids.back() = dice_->evil(buffer->id());
    honest_->result(head, ids, bytes_of(place));
    if (!honest_->duties().empty() && dice_->one_in(2)) honest_->duties().pop_front();
}

void Malice::lie_in_a_partial_result() {
    const Duty duty = honest_->duties().empty() ? Duty{} : honest_->duties().front();
    const std::uint64_t id = shared_.empty() ? dice_->evil() : shared_.back()->id();
    const wire::BufferPlace place{id, dice_->evil(), dice_->evil()};
    const wire::EmittedHead head{
        .sequence = duty.sequence, .item = duty.item, .flags = static_cast<std::uint8_t>(dice_->below(3))};
    dice_->one_in(2) ? honest_->emitted(head, bytes_of(place)) : honest_->emitted(head, dice_->bytes(50));
}

void Malice::answer_twice() {
    if (honest_->duties().empty()) return;
    const Duty duty = honest_->duties().front();
    honest_->serve_one();
    honest_->result({.sequence = duty.sequence, .item = duty.item}, {}, dice_->bytes(6));
}

// Begins a call that it will never answer.
void Malice::take_and_keep() {
    if (honest_->duties().empty()) return;
    const Duty duty = honest_->duties().front();
    honest_->duties().pop_front();
    channel::take_item(channel_->worker_control().batches[duty.sequence % channel::batch_words], duty.sequence);
}

void Malice::flood_records() {
    const auto line = wire::encode(wire::LogLine{0, "again and again"});
    for (std::size_t i = dice_->below(20'000); i > 0 && channel_->send(RecordKind::log_line, line); --i) {
    }
}

void Malice::flood_output() {
    const std::string line(dice_->below(200), 'o');
    for (std::size_t i = dice_->below(300); i > 0; --i) std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace poolhost::test
