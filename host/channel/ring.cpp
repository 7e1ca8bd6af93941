// SPDX-License-Identifier: Apache-2.0
#include "channel/ring.hpp"

#include "base/error.hpp"

#include <cstring>

namespace poolhost::channel {

using wire::RecordKind;

RingWriter::RingWriter(std::span<std::byte> ring, Word64& tail, const Word64& head)
    : ring_(ring), tail_word_(&tail), head_word_(&head) {}

void RingWriter::refresh_head() {
    const std::uint64_t head = head_word_->load(std::memory_order_acquire);
    if (head < head_ || head > tail_) {
        corrupt_ = true;
    } else {
        head_ = head;
    }
}

std::size_t RingWriter::unread() {
    refresh_head();
    return static_cast<std::size_t>(tail_ - head_);
}

bool RingWriter::has_read(std::uint64_t position) {
    if (head_ < position) refresh_head();
    return head_ >= position;
}

void RingWriter::write_head(std::uint64_t position, RecordHead head) {
    std::memcpy(ring_.data() + position % ring_.size(), &head, sizeof head);
}

std::optional<std::span<std::byte>> RingWriter::reserve(RecordKind kind, std::size_t size) {
    const std::size_t record = sizeof(RecordHead) + wire::padded(size);
    if (record > max_record) base::bug("a record larger than a ring takes");
    const std::size_t to_end = ring_.size() - static_cast<std::size_t>(tail_ % ring_.size());
    const std::size_t padding = record > to_end ? to_end : 0;
    if (tail_ + padding + record - head_ > ring_.size()) refresh_head();
    if (corrupt_ || tail_ + padding + record - head_ > ring_.size()) return std::nullopt;
    if (padding != 0) write_head(tail_, {static_cast<std::uint32_t>(padding), RecordKind::padding});
    const std::uint64_t start = tail_ + padding;
    write_head(start, {static_cast<std::uint32_t>(record), kind});
    reserved_end_ = start + record;
    return ring_.subspan(static_cast<std::size_t>(start % ring_.size()) + sizeof(RecordHead), size);
}

void RingWriter::commit() {
    tail_ = reserved_end_;
    tail_word_->store(tail_, std::memory_order_release);
}

RingReader::RingReader(std::span<const std::byte> ring, const Word64& tail, Word64& head)
    : ring_(ring), tail_word_(&tail), head_word_(&head) {}

std::uint64_t RingReader::available() {
    if (tail_ == head_) {
        const std::uint64_t tail = tail_word_->load(std::memory_order_acquire);
        if (tail < head_ || tail - head_ > ring_.size()) {
            corrupt_ = true;
            return 0;
        }
        tail_ = tail;
    }
    return tail_ - head_;
}

std::optional<RecordHead> RingReader::read_head(std::uint64_t room) {
    const std::size_t place = static_cast<std::size_t>(head_ % ring_.size());
    RecordHead head{};
    if (room >= sizeof head && ring_.size() - place >= sizeof head) {
        std::memcpy(&head, ring_.data() + place, sizeof head);
        const bool fits =
            head.size >= sizeof head && head.size % 8 == 0 && head.size <= room && head.size <= ring_.size() - place;
        if (fits) return head;
    }
    corrupt_ = true;
    return std::nullopt;
}

std::optional<Record> RingReader::front() {
    for (;;) {
        const std::uint64_t room = corrupt_ ? 0 : available();
        if (room == 0) return std::nullopt;
        const auto head = read_head(room);
        if (!head) return std::nullopt;
        front_size_ = head->size;
        if (head->kind != RecordKind::padding) {
            const std::size_t place = static_cast<std::size_t>(head_ % ring_.size());
            return Record{head->kind, ring_.subspan(place + sizeof(RecordHead), head->size - sizeof(RecordHead))};
        }
        pop();
    }
}

void RingReader::pop() {
    head_ += front_size_;
    front_size_ = 0;
    head_word_->store(head_, std::memory_order_release);
}

}  // namespace poolhost::channel
