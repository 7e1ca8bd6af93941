// SPDX-License-Identifier: Apache-2.0
// The shared buffers that the other side has announced: checked, mapped read-only, and bounded.
#pragma once

#include "base/shared_memory.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <unordered_map>

namespace poolhost::channel {

/// A buffer of the other side, mapped read-only. Its contents may change under a reader's eyes: copy, then look.
struct PeerBuffer {
    std::uint64_t id;
    base::UniqueFd fd;
    base::Mapping mapping;
};

/// How much the other side may have announced that still lives here, forgotten or not.
struct PeerBounds {
    std::size_t buffers = std::numeric_limits<std::size_t>::max();
    std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
};

/// One thread. Buffers may outlive it.
class PeerBuffers {
public:
    explicit PeerBuffers(PeerBounds bounds) : bounds_(bounds) {}

    /// Takes over the descriptor of an announced buffer. An error where it is no sealed memory of just that size, where
    /// the id is known already, or where it is beyond the bounds; the descriptor is closed then.
    base::Result<void> add(std::uint64_t id, std::uint64_t size, base::UniqueFd fd);
    /// nullptr for one that was never announced.
    [[nodiscard]] std::shared_ptr<const PeerBuffer> find(std::uint64_t id) const;
    /// The other side gave it up; whoever holds it may go on reading.
    void forget(std::uint64_t id) { known_.erase(id); }

private:
    struct Usage {
        std::size_t buffers = 0;
        std::uint64_t bytes = 0;
    };

    PeerBounds bounds_;
    std::shared_ptr<Usage> usage_ = std::make_shared<Usage>();
    std::unordered_map<std::uint64_t, std::shared_ptr<const PeerBuffer>> known_;
};

}  // namespace poolhost::channel
