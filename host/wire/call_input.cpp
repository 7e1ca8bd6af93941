// SPDX-License-Identifier: Apache-2.0
#include "wire/call_input.hpp"

#include <poolhost/plugin.h>
#include <poolhost/sdk/msgpack_reader.hpp>

#include <algorithm>
#include <cstring>

namespace poolhost::wire {
namespace {

using detail::token;
using detail::token_kind;

constexpr std::size_t id_and_offset = 2 * sizeof(std::uint64_t);

std::optional<Reference> reference_in(const token& extension, ByteSpan arguments) {
    poolhost_buffer_head head;
    if (extension.extension != POOLHOST_EXT_BUFFER || extension.payload.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, extension.payload.data(), sizeof head);
    const auto* const begin = reinterpret_cast<const std::uint8_t*>(arguments.data());
    const auto at = static_cast<std::size_t>(extension.payload.data() - begin) + offsetof(poolhost_buffer_head, id);
    return Reference{at, {head.id, head.offset, head.size}};
}

std::optional<ByteSpan> part(const BufferPlace& place, const CallInput& input, std::span<const ByteSpan> buffers) {
    const auto found = std::ranges::find(input.buffers, place.id);
    const auto index = static_cast<std::size_t>(found - input.buffers.begin());
    if (index >= buffers.size()) return std::nullopt;
    const ByteSpan buffer = buffers[index];
    if (place.offset > buffer.size() || place.size > buffer.size() - place.offset) return std::nullopt;
    return buffer.subspan(place.offset, place.size);
}

/// All references of a call; nothing unless everything about them is as it should be.
std::optional<std::vector<Reference>> good_references(const CallInput& input, std::span<const ByteSpan> buffers) {
    const auto arguments = arguments_of(input, buffers);
    if (!arguments) return std::nullopt;
    if (input.encoding != Encoding::messagepack) return std::vector<Reference>();
    auto references = find_references(*arguments);
    const auto good = [&](const Reference& reference) { return part(reference.place, input, buffers).has_value(); };
    return references && std::ranges::all_of(*references, good) ? references : std::nullopt;
}

}  // namespace

std::optional<std::vector<Reference>> find_references(ByteSpan arguments) {
    std::vector<Reference> found;
    try {
        detail::msgpack_reader reader({reinterpret_cast<const std::uint8_t*>(arguments.data()), arguments.size()});
        for (std::size_t values = 1; values > 0; --values) {
            const token head = reader.next();
            values += head.kind == token_kind::map ? 2 * head.count : head.count;
            if (head.kind != token_kind::extension) continue;
            if (const auto reference = reference_in(head, arguments)) found.push_back(*reference);
        }
        if (reader.left() != 0) return std::nullopt;
    } catch (const detail::malformed&) {
        return std::nullopt;
    }
    return found;
}

std::optional<ByteSpan> arguments_of(const CallInput& input, std::span<const ByteSpan> buffers) {
    if (!input.place) return std::as_bytes(std::span(input.bytes));
    return part(*input.place, input, buffers);
}

std::vector<ByteSpan> used_parts(const CallInput& input, std::span<const ByteSpan> buffers) {
    const auto references = good_references(input, buffers);
    if (!references) return {buffers.begin(), buffers.end()};
    std::vector<BufferPlace> places;
    for (const Reference& reference : *references) places.push_back(reference.place);
    if (input.place) places.push_back(*input.place);
    std::vector<ByteSpan> used;
    for (std::size_t i = 0; i < buffers.size(); ++i) {
        std::uint64_t end = 0;
        for (const BufferPlace& place : places) {
            if (place.id == input.buffers[i]) end = std::max(end, place.offset + place.size);
        }
        used.push_back(buffers[i].first(end));
    }
    return used;
}

base::Digest digest_of(const CallInput& input, std::span<const ByteSpan> buffers) {
    std::vector<ByteSpan> parts;
    const auto references = good_references(input, buffers);
    if (!references) {
        parts.push_back(std::as_bytes(std::span(input.bytes)));
        parts.insert(parts.end(), buffers.begin(), buffers.end());
        return base::digest(parts);
    }
    const ByteSpan arguments = *arguments_of(input, buffers);
    std::size_t done = 0;
    for (const Reference& reference : *references) {
        parts.push_back(arguments.subspan(done, reference.at - done));
        parts.push_back(*part(reference.place, input, buffers));
        done = reference.at + id_and_offset;
    }
    parts.push_back(arguments.subspan(done));
    return base::digest(parts);
}

}  // namespace poolhost::wire
