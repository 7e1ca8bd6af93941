// SPDX-License-Identifier: Apache-2.0
// What lies where in the two shared memories of a channel.
//
// Each side writes one memory: a control block, then the ring that carries its records. Each control block holds the
// words that its owner writes; the worker's also holds the batch words, which both sides change by compare-and-swap. So
// the host's memory can be read-only to the worker, and nothing that a worker writes can reach a call's arguments.
// Behind the worker's ring lies its stack area, see stack_area.hpp.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace poolhost::channel {

inline constexpr std::uint32_t channel_version = 2;
inline constexpr std::size_t ring_size = 256 * 1024;  // bytes; a power of two
inline constexpr std::size_t control_size = 4096;     // bytes
inline constexpr std::size_t memory_size = control_size + ring_size;
inline constexpr std::size_t max_record = ring_size / 4;
/// Larger arguments and results travel in shared buffers.
inline constexpr std::size_t max_inline = 32 * 1024;
/// Buffers that a worker may have made known and not given up. The host bears with twice as many, since a worker's word
/// that it gave some up may still wait in its ring when their successors arrive.
inline constexpr std::size_t most_worker_buffers = 4096;
inline constexpr std::uint64_t most_worker_bytes = std::uint64_t{1} << 39;  // bytes of them
/// Batches that can be on their way to one worker at a time.
inline constexpr std::size_t batch_words = 16;

/// The first word of what travels through the socket after the opening.
enum class Notice : std::uint64_t { doorbell = 1, buffer = 2 };

using Word32 = std::atomic<std::uint32_t>;
using Word64 = std::atomic<std::uint64_t>;
static_assert(Word64::is_always_lock_free && Word32::is_always_lock_free);
static_assert(sizeof(Word64) == 8 && sizeof(Word32) == 4);

/// What every side writes about itself.
struct SideControl {
    alignas(64) Word64 tail;    // bytes that I have published in my ring, ever
    alignas(64) Word64 head;    // bytes that I have consumed of the other side's ring, ever
    alignas(64) Word32 asleep;  // odd while I sleep or am about to; grows by one at each change
};

/// A worker's newest progress. Odd `version` while it is being written.
struct Progress {
    Word64 version;
    Word64 call;  // as in HostControl::cancelled
    std::atomic<double> fraction;
    std::array<std::atomic<char>, 104> note;  // ends at its first NUL
};

struct HostControl {
    SideControl side;
    alignas(64) Word64 cancelled;  // the call that shall end: call_number(sequence, item); 0: none
};

struct WorkerControl {
    SideControl side;
    alignas(64) std::array<Word64, batch_words> batches;
    alignas(64) Word64 running;          // call_number of the call that runs; 0: none
    std::atomic<std::int64_t> began_ns;  // CLOCK_MONOTONIC, when it began
    alignas(64) Progress progress;
};

static_assert(sizeof(HostControl) <= control_size && sizeof(WorkerControl) <= control_size);

/// Names one item of one batch of a channel in a single word; never 0.
constexpr std::uint64_t call_number(std::uint32_t sequence, std::uint16_t item) {
    return (std::uint64_t{sequence} << 16 | item) + 1;
}

}  // namespace poolhost::channel
