// SPDX-License-Identifier: Apache-2.0
// Standing shared buffers for values too large for a ring.
//
// Fresh pages cost fifteen times what reused ones do, so a buffer that nobody holds any more is kept for the next value
// of its size class, up to a bound. Its writer made it and maps it writable; the other side gets the descriptor once,
// maps it read-only and keeps that mapping until it is told to forget it.
#pragma once

#include "base/shared_memory.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace poolhost::channel {

/// Ids that one side still has to tell the other; shared because a buffer can outlive the channel that knew it.
struct PendingIds {
    std::vector<std::uint64_t> ids;
};

/// A buffer of this process. One thread.
class SharedBuffer {
public:
    SharedBuffer(std::uint64_t id, base::UniqueFd fd, base::Mapping mapping);
    ~SharedBuffer();
    SharedBuffer(const SharedBuffer&) = delete;
    SharedBuffer& operator=(const SharedBuffer&) = delete;

    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] int fd() const { return fd_.get(); }
    /// Page-aligned; at least as large as was asked for.
    [[nodiscard]] std::span<std::byte> bytes() const { return mapping_.bytes(); }

    /// When this buffer ends for good, its id goes to `pending`, so that whoever mapped it is told.
    void told(const std::shared_ptr<PendingIds>& pending) { told_.push_back(pending); }

private:
    std::uint64_t id_;
    base::UniqueFd fd_;
    base::Mapping mapping_;
    std::vector<std::weak_ptr<PendingIds>> told_;
};

using BufferRef = std::shared_ptr<SharedBuffer>;

/// Makes buffers and takes them back. One thread. A buffer may outlive its pool.
class BufferPool {
public:
    /// `seal`: what the other side must not do. `keep`: how many bytes of unused buffers to hold on to, in 1024 of them
    /// at most.
    BufferPool(base::Seal seal, std::size_t keep);
    ~BufferPool();

    /// A buffer of at least `size` bytes; contents undefined. It returns to the pool when its last reference goes.
    base::Result<BufferRef> acquire(std::size_t size);
    /// Bytes of unused buffers that are kept at the moment.
    [[nodiscard]] std::size_t kept() const;

private:
    struct Shelf;
    std::shared_ptr<Shelf> shelf_;
};

/// The size class of a buffer for `size` bytes: a power of two up to 1 MiB, above that at most an eighth too large.
std::size_t buffer_class(std::size_t size);

}  // namespace poolhost::channel
