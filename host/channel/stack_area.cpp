// SPDX-License-Identifier: Apache-2.0
#include "channel/stack_area.hpp"

#include <csignal>
#include <cstring>
#include <utility>

#include <sys/socket.h>

namespace poolhost::channel {
namespace {

// What lies between `version` and the stack's bytes.
struct Head {
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
};
static_assert(offsetof(StackArea, stack) == offsetof(StackArea, signal) + sizeof(Head));

// The fence keeps the compiler from reading again, after the checks, what the worker may have changed meanwhile.
Head copy_head(const StackArea& area) {
    Head head;
    std::memcpy(&head, &area.signal, sizeof head);
    std::atomic_thread_fence(std::memory_order_acquire);
    return head;
}

}  // namespace

int stack_signal() {
    // Not the very last ones: valgrind and others keep those to themselves.
    return SIGRTMAX - 3;
}

void ring_for_stack(int socket) noexcept {
    const Notice notice = Notice::doorbell;
    [[maybe_unused]] const auto sent = ::send(socket, &notice, sizeof notice, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::optional<wire::StackSample> read_stack(const StackArea& area) {
    const std::uint64_t version = area.version.load(std::memory_order_acquire);
    if (version == 0 || version % 2 == 1) return std::nullopt;
    const Head head = copy_head(area);
    if (head.register_count > most_registers || head.stack_size > most_stack || head.maps_size > most_maps) {
        return std::nullopt;
    }
    wire::StackSample sample;
    sample.signal = head.signal;
    sample.code = head.code;
    sample.address = head.address;
    sample.call = head.call;
    sample.thread = head.thread;
    sample.data_size = head.data_size;
    sample.registers.assign(head.registers.begin(), head.registers.begin() + head.register_count);
    sample.stack_begin = head.stack_begin;
    sample.stack.assign(area.stack.data(), head.stack_size);
    sample.maps.assign(area.maps.data(), head.maps_size);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (area.version.load(std::memory_order_relaxed) != version) return std::nullopt;
    return sample;
}

}  // namespace poolhost::channel
