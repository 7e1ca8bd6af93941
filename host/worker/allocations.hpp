// SPDX-License-Identifier: Apache-2.0
// The shared buffers that one call has allocated for its result.
#pragma once

#include "channel/shared_buffer.hpp"
#include "worker/buffer_reference.hpp"

#include <poolhost/plugin.h>

#include <vector>

namespace poolhost::worker {

class Allocations : public BufferSource {
public:
    explicit Allocations(channel::BufferPool& pool) : pool_(&pool) {}

    /// data is NULL where no memory was to be had.
    poolhost_buffer_v1 allocate(std::uint64_t size);
    [[nodiscard]] std::span<const std::byte> memory(std::uint64_t id) const override;
    /// nullptr for an id that was not allocated here.
    [[nodiscard]] channel::BufferRef find(std::uint64_t id) const;
    /// Gives everything back that nobody else holds.
    void clear() { held_.clear(); }

private:
    channel::BufferPool* pool_;
    std::vector<channel::BufferRef> held_;
};

}  // namespace poolhost::worker
