// SPDX-License-Identifier: Apache-2.0
#include "channel/shared_buffer.hpp"

#include <bit>
#include <map>

namespace poolhost::channel {

SharedBuffer::SharedBuffer(std::uint64_t id, base::UniqueFd fd, base::Mapping mapping)
    : id_(id), fd_(std::move(fd)), mapping_(std::move(mapping)) {}

SharedBuffer::~SharedBuffer() {
    for (const auto& weak : told_) {
        if (const auto pending = weak.lock()) pending->ids.push_back(id_);
    }
}

// Each buffer takes a descriptor and a mapping, here and on the other side.
constexpr std::size_t most_kept = 1024;

struct BufferPool::Shelf {
    base::Seal seal;
    std::size_t keep;
    std::size_t kept = 0;
    std::uint64_t next_id = 1;
    std::multimap<std::size_t, std::unique_ptr<SharedBuffer>> unused;  // by size

    void take_back(std::unique_ptr<SharedBuffer> buffer) {
        const std::size_t size = buffer->bytes().size();
        if (kept + size > keep || unused.size() >= most_kept) return;
        kept += size;
        unused.emplace(size, std::move(buffer));
    }
};

BufferPool::BufferPool(base::Seal seal, std::size_t keep)
    : shelf_(std::make_shared<Shelf>(Shelf{seal, keep, 0, 1, {}})) {}
BufferPool::~BufferPool() = default;

std::size_t BufferPool::kept() const { return shelf_->kept; }

std::size_t buffer_class(std::size_t size) {
    constexpr std::size_t smallest = 64 * 1024;
    constexpr std::size_t largest_power = 1024 * 1024;
    if (size <= smallest) return smallest;
    if (size <= largest_power) return std::bit_ceil(size);
    const std::size_t step = std::bit_floor(size) / 8;  // a power of two
    return (size + step - 1) & ~(step - 1);
}

base::Result<BufferRef> BufferPool::acquire(std::size_t size) {
    const std::size_t wanted = buffer_class(size);
    const auto give = [shelf = std::weak_ptr(shelf_)](std::unique_ptr<SharedBuffer> buffer) {
        return BufferRef(buffer.release(), [shelf](SharedBuffer* last) {
            std::unique_ptr<SharedBuffer> owned(last);
            if (const auto open = shelf.lock()) open->take_back(std::move(owned));
        });
    };
    if (const auto found = shelf_->unused.find(wanted); found != shelf_->unused.end()) {
        auto buffer = std::move(found->second);
        shelf_->unused.erase(found);
        shelf_->kept -= wanted;
        return give(std::move(buffer));
    }
    auto fd = base::make_memory("poolhost-buffer", wanted);
    if (!fd) return fd.error();
    auto mapping = base::map_memory(fd->get(), wanted, base::Access::read_write);
    if (!mapping) return mapping.error();
    if (auto sealed = base::seal_memory(fd->get(), shelf_->seal); !sealed) return sealed.error();
    return give(std::make_unique<SharedBuffer>(shelf_->next_id++, std::move(*fd), std::move(*mapping)));
}

}  // namespace poolhost::channel
