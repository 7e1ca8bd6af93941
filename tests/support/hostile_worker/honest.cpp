// SPDX-License-Identifier: Apache-2.0
#include "support/hostile_worker/honest.hpp"

#include "channel/batch_word.hpp"
#include "wire/encoder.hpp"

#include <algorithm>
#include <cstring>

#include <poll.h>

namespace poolhost::test {
namespace {

constexpr int patience_ms = 20;

}  // namespace

void Honest::say_ready() {
    channel_->send(wire::RecordKind::ready, wire::encode(wire::Ready{{{"poolhost.ping", "b0b0", true, 0}}, false}));
    ring();
}

bool Honest::listen() {
    if (channel_->announce_sleep()) {
        pollfd socket{channel_->socket(), POLLIN, 0};
        if (::poll(&socket, 1, patience_ms) == 0) return false;
    }
    channel_->announce_awake();
    const auto state = channel_->drain_socket(base::Blocking::no);
    if (!state || *state == channel::PeerState::gone) return false;
    while (const auto record = channel_->reader().front()) {
        note(*record);
        channel_->reader().pop();
    }
    return true;
}

void Honest::note(const channel::Record& record) {
    const auto message = wire::read_host_message(record.kind, record.payload);
    if (!message) return;
    const auto* const batch = std::get_if<wire::BatchView>(&*message);
    if (batch == nullptr) return;
    for (std::uint16_t item = 0; item < batch->head.count; ++item) duties_.push_back({batch->head.sequence, item});
}

void Honest::serve_one() {
    if (duties_.empty()) return;
    const Duty duty = duties_.front();
    duties_.pop_front();
    auto& word = channel_->worker_control().batches[duty.sequence % channel::batch_words];
    if (channel::take_item(word, duty.sequence) != duty.item) return;  // taken back
    channel_->worker_control().running = channel::call_number(duty.sequence, duty.item);
    constexpr std::string_view value = "\"pong\"";
    result({.sequence = duty.sequence, .item = duty.item}, {}, std::as_bytes(std::span(value)));
}

void Honest::write(wire::RecordKind kind, std::span<const std::byte> payload) {
    channel::RingWriter& writer = channel_->writer();
    if (const auto space = writer.reserve(kind, payload.size())) {
        std::ranges::copy(payload, space->begin());
        writer.commit();
    }
}

void Honest::result(wire::ResultHead head, const std::vector<std::uint64_t>& ids, std::span<const std::byte> bytes) {
    head.buffer_count = static_cast<std::uint32_t>(ids.size());
    head.size = static_cast<std::uint32_t>(bytes.size());
    const auto id_bytes = std::as_bytes(std::span(ids));
    std::vector<std::byte> payload(sizeof head);
    std::memcpy(payload.data(), &head, sizeof head);
    payload.insert(payload.end(), id_bytes.begin(), id_bytes.end());
    payload.insert(payload.end(), bytes.begin(), bytes.end());
    write(wire::RecordKind::result, payload);
}

void Honest::emitted(wire::EmittedHead head, std::span<const std::byte> bytes) {
    head.size = static_cast<std::uint32_t>(bytes.size());
    std::vector<std::byte> payload(sizeof head);
    std::memcpy(payload.data(), &head, sizeof head);
    payload.insert(payload.end(), bytes.begin(), bytes.end());
    write(wire::RecordKind::emitted, payload);
}

void Honest::ring() { static_cast<void>(channel_->ring_doorbell()); }

}  // namespace poolhost::test
