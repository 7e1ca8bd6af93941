// SPDX-License-Identifier: Apache-2.0
// For values that refer to nothing.
#pragma once

#include "worker/buffer_reference.hpp"

namespace poolhost::worker {

class NoBuffers : public BufferSource {
public:
    [[nodiscard]] std::span<const std::byte> memory(std::uint64_t) const override { return {}; }
};

inline const BufferSource& no_buffers() {
    static const NoBuffers none;
    return none;
}

}  // namespace poolhost::worker
