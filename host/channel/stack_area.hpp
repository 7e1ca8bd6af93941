// SPDX-License-Identifier: Apache-2.0
// Where a worker's signal handler leaves its stack for the host: behind the ring, in the worker's own memory.
//
// The handler writes it when the worker is dying, or when the host asks with stack_signal(). Its pages cost nothing
// until then. The host reads it with read_stack(), which believes nothing.
#pragma once

#include "channel/layout.hpp"
#include "wire/stack.hpp"

#include <optional>

namespace poolhost::channel {

inline constexpr std::size_t most_registers = 40;
inline constexpr std::size_t most_stack = 256 * 1024;  // bytes
inline constexpr std::size_t most_maps = 240 * 1024;   // bytes

/// Plain memory between two changes of `version`, which is odd while the handler writes and 0 before the first time.
struct StackArea {
    Word64 version;
    std::int32_t signal;
    std::int32_t code;
    std::uint64_t address;
    std::uint64_t call;
    std::int32_t thread;
    std::uint32_t register_count;
    std::uint64_t data_size;
    std::array<std::uint64_t, most_registers> registers;
    std::uint64_t stack_begin;
    std::uint32_t stack_size;
    std::uint32_t maps_size;
    std::array<char, most_stack> stack;
    std::array<char, most_maps> maps;
};

inline constexpr std::size_t stack_area_size = 512 * 1024;
inline constexpr std::size_t worker_memory_size = memory_size + stack_area_size;
static_assert(sizeof(StackArea) <= stack_area_size && memory_size % alignof(StackArea) == 0);

/// The real-time signal by which the host asks a worker for its stack. Before the worker's first record it would end
/// the worker. The answer is a change of `version`, announced by ring_for_stack(); there is none from a thread that
/// blocks the signal, or does not run.
int stack_signal();

/// Changes whenever another stack has been written down.
inline std::uint64_t stack_version(const StackArea& area) {
    return area.version.load(std::memory_order_acquire) & ~std::uint64_t{1};
}

/// Worker: wakes the host, so that it looks. Async-signal-safe, never blocks; a socket that is full holds enough to
/// wake it.
void ring_for_stack(int socket) noexcept;

/// What the area holds now, copied. Nothing where nothing was ever written, where it is being written, or where its
/// sizes are impossible.
std::optional<wire::StackSample> read_stack(const StackArea& area);

}  // namespace poolhost::channel
