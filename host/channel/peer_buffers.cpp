// SPDX-License-Identifier: Apache-2.0
#include "channel/peer_buffers.hpp"

#include <utility>

namespace poolhost::channel {

base::Result<void> PeerBuffers::add(std::uint64_t id, std::uint64_t size, base::UniqueFd fd) {
    if (known_.contains(id)) return base::Error{"a shared buffer was announced twice"};
    if (usage_->buffers >= bounds_.buffers) {
        return base::Error{"more than " + std::to_string(bounds_.buffers) + " shared buffers were announced"};
    }
    if (size > bounds_.bytes - usage_->bytes) {
        return base::Error{"shared buffers of more than " + std::to_string(bounds_.bytes) + " bytes were announced"};
    }
    auto sealed = base::sealed_size(fd.get());
    if (!sealed) return sealed.error();
    if (*sealed != size || size == 0) return base::Error{"a shared buffer has another size than announced"};
    auto mapping = base::map_memory(fd.get(), *sealed, base::Access::read_only);
    if (!mapping) return mapping.error();
    ++usage_->buffers;
    usage_->bytes += size;
    const auto end = [usage = usage_, size](const PeerBuffer* buffer) {
        --usage->buffers;
        usage->bytes -= size;
        delete buffer;
    };
    known_.emplace(id, std::shared_ptr<const PeerBuffer>(new PeerBuffer{id, std::move(fd), std::move(*mapping)}, end));
    return {};
}

std::shared_ptr<const PeerBuffer> PeerBuffers::find(std::uint64_t id) const {
    const auto found = known_.find(id);
    return found == known_.end() ? nullptr : found->second;
}

}  // namespace poolhost::channel
