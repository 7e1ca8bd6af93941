// SPDX-License-Identifier: Apache-2.0
// Reads the heads of typed arrays and buffer references, checking every size before anything is touched.
#pragma once

#include "msgpack_reader.hpp"
#include "number.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

namespace poolhost::detail {

/// A typed array where it lies: in the stream (aligned to nothing) or in a shared buffer.
struct typed_elements {
    std::uint8_t element = 0;
    std::size_t dimensions = 0;
    std::array<std::size_t, 8> extents{};
    const std::byte* data = nullptr;
    std::size_t count = 0;

    [[nodiscard]] std::span<const std::size_t> shape() const { return {extents.data(), dimensions}; }

    /// As in signatures: "span<int32>" or "ndarray<float64, 3>".
    [[nodiscard, gnu::cold]] std::string type() const {
        const std::string_view name = element_name(element);
        if (dimensions == 1) return joined({"span<", name, ">"});
        return joined({"ndarray<", name, ", ", std::to_string(dimensions), ">"});
    }

    /// The element as a scalar of the stream would read.
    [[nodiscard]] token at(std::size_t index) const {
        const std::byte* from = data + index * element_size(element);
        switch (element) {
            case POOLHOST_ELEMENT_BOOL:
                return {.kind = token_kind::boolean, .number = load<std::uint8_t>(from) != 0};
            case POOLHOST_ELEMENT_INT8:
                return integer(load<std::int8_t>(from));
            case POOLHOST_ELEMENT_INT16:
                return integer(load<std::int16_t>(from));
            case POOLHOST_ELEMENT_INT32:
                return integer(load<std::int32_t>(from));
            case POOLHOST_ELEMENT_INT64:
                return integer(load<std::int64_t>(from));
            case POOLHOST_ELEMENT_UINT8:
                return {.kind = token_kind::integer, .number = load<std::uint8_t>(from)};
            case POOLHOST_ELEMENT_UINT16:
                return {.kind = token_kind::integer, .number = load<std::uint16_t>(from)};
            case POOLHOST_ELEMENT_UINT32:
                return {.kind = token_kind::integer, .number = load<std::uint32_t>(from)};
            case POOLHOST_ELEMENT_UINT64:
                return {.kind = token_kind::integer, .number = load<std::uint64_t>(from)};
            case POOLHOST_ELEMENT_FLOAT32:
                return {.kind = token_kind::float32, .number = load<std::uint32_t>(from)};
            default:
                return {.kind = token_kind::float64, .number = load<std::uint64_t>(from)};
        }
    }

    template <class T>
    static T load(const std::byte* from) {
        T value;
        std::memcpy(&value, from, sizeof(T));
        return value;
    }

private:
    static token integer(std::int64_t number) {
        return {.kind = token_kind::integer, .negative = number < 0, .number = static_cast<std::uint64_t>(number)};
    }
};

/// The array that `element`, the shape (in the stream) and `size` bytes of elements describe. Throws where they
/// contradict each other.
inline typed_elements checked_elements(std::uint8_t element, std::span<const std::uint8_t> shape,
                                       std::span<const std::byte> elements) {
    typed_elements array{.element = element, .dimensions = shape.size() / 8, .data = elements.data(), .count = 1};
    if (element_size(element) == 0) throw malformed{"a typed array of an unknown element type"};
    if (array.dimensions < 1 || array.dimensions > 8) throw malformed{"a typed array without 1 to 8 dimensions"};
    bool empty = false;
    bool overflow = false;
    for (std::size_t i = 0; i < array.dimensions; ++i) {
        std::size_t extent = 0;
        std::memcpy(&extent, shape.data() + 8 * i, 8);
        array.extents[i] = extent;
        empty = empty || extent == 0;
        overflow = overflow || __builtin_mul_overflow(array.count, extent, &array.count);
    }
    if (empty) array.count = 0;
    std::size_t size = 0;
    overflow = __builtin_mul_overflow(array.count, element_size(element), &size) || (overflow && !empty);
    if (overflow || size != elements.size()) throw malformed{"a typed array whose shape does not fit its size"};
    return array;
}

/// Of the payload of a POOLHOST_EXT_TYPED_ARRAY.
inline typed_elements inline_elements(std::span<const std::uint8_t> payload) {
    poolhost_typed_array_head head{};
    if (payload.size() < sizeof(head)) throw malformed{"a typed array without its head"};
    std::memcpy(&head, payload.data(), sizeof(head));
    const auto rest = payload.subspan(sizeof(head));
    if (rest.size() < std::size_t{8} * head.dimensions) throw malformed{"a typed array without its shape"};
    const auto shape = rest.first(std::size_t{8} * head.dimensions);
    return checked_elements(head.element, shape, std::as_bytes(rest.subspan(shape.size())));
}

/// The memory that the payload of a POOLHOST_EXT_BUFFER names.
inline std::span<const std::byte> buffer_memory(const poolhost_call_v1* call, const poolhost_buffer_head& head) {
    const poolhost_buffer_v1 buffer = call != nullptr ? call->buffer(call, head.id) : poolhost_buffer_v1{};
    if (buffer.data == nullptr) throw malformed{"a reference to a buffer that this call does not have"};
    if (head.offset > buffer.size || head.size > buffer.size - head.offset) {
        throw malformed{"a reference beyond the end of a buffer"};
    }
    return {static_cast<const std::byte*>(buffer.data) + head.offset, head.size};
}

inline poolhost_buffer_head buffer_head(std::span<const std::uint8_t> payload) {
    poolhost_buffer_head head{};
    if (payload.size() < sizeof(head)) throw malformed{"a buffer reference without its head"};
    std::memcpy(&head, payload.data(), sizeof(head));
    const std::size_t dimensions = head.what == POOLHOST_BUFFER_TYPED_ARRAY ? head.dimensions : 0;
    if (head.what > POOLHOST_BUFFER_TYPED_ARRAY) throw malformed{"a buffer reference of an unknown sort"};
    if (payload.size() != sizeof(head) + 8 * dimensions) throw malformed{"a buffer reference of a wrong size"};
    return head;
}

}  // namespace poolhost::detail
