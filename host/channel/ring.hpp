// SPDX-License-Identifier: Apache-2.0
// A single-producer single-consumer ring of records in shared memory.
//
// Positions count bytes for ever and never wrap; a position's place is its remainder by the ring's size. A record lies
// in one piece: where it does not fit before the ring's end, padding fills the rest. The other side's position is read
// once, checked, and kept: whoever forges it is found out (corrupt()), and nothing is read or written out of bounds.
#pragma once

#include "channel/layout.hpp"
#include "wire/records.hpp"

#include <optional>
#include <span>

namespace poolhost::channel {

struct RecordHead {
    std::uint32_t size;  // of the whole record with this head, a multiple of eight
    wire::RecordKind kind;
};

struct Record {
    wire::RecordKind kind;
    std::span<const std::byte> payload;
};

/// The side that writes records. One thread.
class RingWriter {
public:
    RingWriter() = default;
    /// `ring` and `tail` lie in my memory, `head` in the reader's.
    RingWriter(std::span<std::byte> ring, Word64& tail, const Word64& head);

    /// Space for a record whose payload has `size` bytes, or nothing while the ring is too full. Needs a commit().
    [[nodiscard]] std::optional<std::span<std::byte>> reserve(wire::RecordKind kind, std::size_t size);
    /// Publishes the reserved record.
    void commit();
    /// Bytes that the reader has not consumed yet.
    [[nodiscard]] std::size_t unread();
    /// Bytes committed ever: where the newest record ends.
    [[nodiscard]] std::uint64_t committed() const { return tail_; }
    /// The reader has consumed everything before this position.
    [[nodiscard]] bool has_read(std::uint64_t position);
    /// The reader wrote an impossible position.
    [[nodiscard]] bool corrupt() const { return corrupt_; }

private:
    void refresh_head();
    void write_head(std::uint64_t position, RecordHead head);

    std::span<std::byte> ring_;
    Word64* tail_word_ = nullptr;
    const Word64* head_word_ = nullptr;
    std::uint64_t tail_ = 0;
    std::uint64_t reserved_end_ = 0;
    std::uint64_t head_ = 0;
    bool corrupt_ = false;
};

/// The side that reads records. One thread.
class RingReader {
public:
    RingReader() = default;
    /// `ring` and `tail` lie in the writer's memory, `head` in mine.
    RingReader(std::span<const std::byte> ring, const Word64& tail, Word64& head);

    /// The oldest record, in place until pop(); nothing where there is none, or the writer is corrupt().
    [[nodiscard]] std::optional<Record> front();
    void pop();
    [[nodiscard]] bool empty() const { return tail_word_->load(std::memory_order_acquire) == head_; }
    /// The writer published something impossible.
    [[nodiscard]] bool corrupt() const { return corrupt_; }

private:
    [[nodiscard]] std::uint64_t available();
    std::optional<RecordHead> read_head(std::uint64_t room);

    std::span<const std::byte> ring_;
    const Word64* tail_word_ = nullptr;
    Word64* head_word_ = nullptr;
    std::uint64_t head_ = 0;
    std::uint64_t tail_ = 0;
    std::size_t front_size_ = 0;
    bool corrupt_ = false;
};

}  // namespace poolhost::channel
