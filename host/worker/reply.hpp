// SPDX-License-Identifier: Apache-2.0
// What becomes of a task's reply: bytes for the ring, or a place in a shared buffer, in the caller's encoding.
#pragma once

#include "base/error.hpp"
#include "channel/shared_buffer.hpp"
#include "wire/records.hpp"
#include "worker/allocations.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace poolhost::worker {

/// Keeps its memory from call to call.
class Reply {
public:
    explicit Reply(channel::BufferPool& pool) : pool_(&pool) {}

    /// A new call, whose reply is null until set() says otherwise.
    void begin(wire::ResultEncoding encoding);
    /// Lets go of the buffers: who reads the value holds them by now.
    void end() { buffers_.clear(); }
    /// Takes a copy, unless the value lies in memory that the call allocated. An error says what is wrong with it.
    base::Result<void> set(std::span<const std::byte> value, const Allocations& allocations);

    [[nodiscard]] bool was_set() const { return set_; }
    /// The value in the caller's encoding; a wire::BufferPlace where in_buffer().
    [[nodiscard]] std::span<const std::byte> bytes() const;
    [[nodiscard]] bool in_buffer() const { return in_buffer_; }
    /// What has to stay as it is until the host has read the value.
    [[nodiscard]] const std::vector<channel::BufferRef>& buffers() const { return buffers_; }

private:
    base::Result<void> set_json(std::span<const std::byte> value, const Allocations& allocations);
    base::Result<void> set_messagepack(std::span<const std::byte> value, const Allocations& allocations);
    base::Result<void> keep(std::span<const std::byte> bytes);

    channel::BufferPool* pool_;
    wire::ResultEncoding encoding_ = wire::ResultEncoding::messagepack;
    bool set_ = false;
    bool in_buffer_ = false;
    std::string small_;  // the value as the caller wants it, or JSON on its way to a buffer
    wire::BufferPlace place_;
    std::vector<channel::BufferRef> buffers_;
};

}  // namespace poolhost::worker
