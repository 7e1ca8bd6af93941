// SPDX-License-Identifier: Apache-2.0
// The word through which a worker takes the items of a batch one by one, and the host takes the rest back.
//
// (sequence, limit, cursor) in 64 bits. The worker moves the cursor up to the limit, the host moves the limit down to
// the cursor, both by compare-and-swap: so each item is either taken or revoked, never both, whoever dies when. An item
// is read only after it was taken. With a batch of one this is the plain "queued → taken or revoked".
#pragma once

#include "channel/layout.hpp"
#include "wire/records.hpp"

#include <optional>

namespace poolhost::channel {

struct BatchState {
    std::uint32_t sequence = 0;
    std::uint16_t limit = 0;   // items that the worker may take in all
    std::uint16_t cursor = 0;  // items taken so far; the last of them runs, or has run
};

constexpr std::uint64_t pack(BatchState state) {
    return std::uint64_t{state.sequence} << 32 | std::uint64_t{state.limit} << 16 | state.cursor;
}
constexpr BatchState unpack(std::uint64_t word) {
    return {static_cast<std::uint32_t>(word >> 32), static_cast<std::uint16_t>(word >> 16),
            static_cast<std::uint16_t>(word)};
}

/// Host: offers `count` items. The word must not be in use any more.
inline void open_batch(Word64& word, std::uint32_t sequence, std::uint16_t count) {
    word.store(pack({sequence, count, 0}), std::memory_order_release);
}

/// Worker: the item that it now has to run, or nothing where the batch is at its end (or was replaced by a newer one).
inline std::optional<std::uint16_t> take_item(Word64& word, std::uint32_t sequence) {
    std::uint64_t seen = word.load(std::memory_order_acquire);
    for (;;) {
        BatchState state = unpack(seen);
        if (state.sequence != sequence || state.cursor >= state.limit) return std::nullopt;
        const std::uint16_t item = state.cursor++;
        if (word.compare_exchange_weak(seen, pack(state), std::memory_order_acq_rel, std::memory_order_acquire)) {
            return item;
        }
    }
}

/// Host: takes back what was not taken yet beyond the first `keep` items. Returns the state from then on; its limit is
/// final until the host lowers it again. The worker may have forged the word: the caller checks sequence and limit.
/// Nothing where the word changed more often meanwhile than a batch has items: the worker does not play by the rules.
inline std::optional<BatchState> revoke_items(Word64& word, std::uint16_t keep) {
    std::uint64_t seen = word.load(std::memory_order_acquire);
    for (std::size_t tries = 0; tries < 2 * wire::max_batch_items; ++tries) {
        BatchState state = unpack(seen);
        const std::uint16_t lowest = state.cursor > keep ? state.cursor : keep;
        if (state.limit <= lowest) return state;
        state.limit = lowest;
        if (word.compare_exchange_weak(seen, pack(state), std::memory_order_acq_rel, std::memory_order_acquire)) {
            return state;
        }
    }
    return std::nullopt;
}

inline BatchState read_batch_state(const Word64& word) { return unpack(word.load(std::memory_order_acquire)); }

}  // namespace poolhost::channel
