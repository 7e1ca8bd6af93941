// SPDX-License-Identifier: Apache-2.0
#include "worker/allocations.hpp"

#include <algorithm>

namespace poolhost::worker {

poolhost_buffer_v1 Allocations::allocate(std::uint64_t size) {
    constexpr std::uint64_t absurd = std::uint64_t{1} << 46;  // beyond the address space; size classes round up
    if (size > absurd) return {nullptr, 0, 0};
    auto buffer = pool_->acquire(size);
    if (!buffer) return {nullptr, 0, 0};
    held_.push_back(std::move(*buffer));
    return {held_.back()->bytes().data(), size, held_.back()->id()};
}

channel::BufferRef Allocations::find(std::uint64_t id) const {
    const auto found = std::ranges::find(held_, id, [](const channel::BufferRef& buffer) { return buffer->id(); });
    return found == held_.end() ? nullptr : *found;
}

std::span<const std::byte> Allocations::memory(std::uint64_t id) const {
    const auto buffer = find(id);
    return buffer ? buffer->bytes() : std::span<const std::byte>();
}

}  // namespace poolhost::worker
