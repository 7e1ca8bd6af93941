// SPDX-License-Identifier: Apache-2.0
// What the buffer references inside a MessagePack value name, and whether that is there.
#pragma once

#include "base/error.hpp"

#include <poolhost/plugin.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace poolhost::worker {

/// Where the memory behind buffer references is found.
class BufferSource {
public:
    virtual ~BufferSource() = default;
    /// Empty, without an address, for an id that is not known.
    [[nodiscard]] virtual std::span<const std::byte> memory(std::uint64_t id) const = 0;
};

/// The memory that a reference names. Throws detail::malformed where there is none.
std::span<const std::byte> referenced_memory(const poolhost_buffer_head& reference, const BufferSource& buffers);

/// Checks that `value` is exactly one MessagePack value whose references are all good, and returns the ids that it
/// names, each once.
base::Result<std::vector<std::uint64_t>> referenced_buffers(std::span<const std::byte> value,
                                                            const BufferSource& buffers);

}  // namespace poolhost::worker
