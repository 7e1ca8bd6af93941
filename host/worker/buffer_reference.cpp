// SPDX-License-Identifier: Apache-2.0
#include "worker/buffer_reference.hpp"

#include <poolhost/sdk/msgpack_reader.hpp>
#include <poolhost/sdk/typed_elements.hpp>

#include <algorithm>

namespace poolhost::worker {
namespace {

using detail::malformed;
using detail::token;
using detail::token_kind;

// The id that an extension names, checked; nothing for those that name none.
void note_extension(const token& head, const BufferSource& buffers, std::vector<std::uint64_t>& ids) {
    if (head.extension == POOLHOST_EXT_TYPED_ARRAY) detail::inline_elements(head.payload);
    if (head.extension != POOLHOST_EXT_BUFFER) return;
    const poolhost_buffer_head reference = detail::buffer_head(head.payload);
    const auto memory = referenced_memory(reference, buffers);
    if (reference.what == POOLHOST_BUFFER_TYPED_ARRAY) {
        detail::checked_elements(reference.element, head.payload.subspan(sizeof reference), memory);
    }
    if (std::ranges::find(ids, reference.id) == ids.end()) ids.push_back(reference.id);
}

}  // namespace

std::span<const std::byte> referenced_memory(const poolhost_buffer_head& reference, const BufferSource& buffers) {
    const auto memory = buffers.memory(reference.id);
    if (memory.data() == nullptr) throw malformed{"it refers to a buffer that was not allocated in this call"};
    if (reference.offset > memory.size() || reference.size > memory.size() - reference.offset) {
        throw malformed{"it refers to memory beyond the end of a buffer"};
    }
    return memory.subspan(reference.offset, reference.size);
}

base::Result<std::vector<std::uint64_t>> referenced_buffers(std::span<const std::byte> value,
                                                            const BufferSource& buffers) {
    std::vector<std::uint64_t> ids;
    try {
        detail::msgpack_reader reader({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
        for (std::size_t values = 1; values > 0; --values) {
            const token head = reader.next();
            values += head.kind == token_kind::map ? 2 * head.count : head.count;
            if (head.kind == token_kind::extension) note_extension(head, buffers, ids);
        }
        if (reader.left() != 0) throw malformed{"something follows the value"};
    } catch (const malformed& fault) {
        return base::Error{fault.what};
    }
    return ids;
}

}  // namespace poolhost::worker
