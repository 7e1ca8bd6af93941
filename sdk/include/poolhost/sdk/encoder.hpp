// SPDX-License-Identifier: Apache-2.0
// Writes MessagePack and poolhost's extension types.
#pragma once

#include "error.hpp"
#include "number.hpp"
#include "utf8.hpp"

#include <bit>
#include <span>
#include <string>

namespace poolhost::detail {

/// Collects one value. Integers take their shortest form.
class encoder {
public:
    [[nodiscard]] std::string_view written() const noexcept { return out_; }

    void null() { byte(0xc0); }
    void boolean(bool on) { byte(on ? 0xc3 : 0xc2); }

    void unsigned_integer(std::uint64_t number) {
        if (number < 0x80) return byte(number);
        sized(number, 0xcc, 0xcd, 0xce, 0xcf);
    }
    void signed_integer(std::int64_t number) {
        if (number >= 0) return unsigned_integer(static_cast<std::uint64_t>(number));
        const auto bits = static_cast<std::uint64_t>(number);
        if (number >= -32) return byte(bits);
        if (number >= INT8_MIN) return coded(0xd0, bits, 1);
        if (number >= INT16_MIN) return coded(0xd1, bits, 2);
        if (number >= INT32_MIN) return coded(0xd2, bits, 4);
        coded(0xd3, bits, 8);
    }
    void float32(float number) { coded(0xca, std::bit_cast<std::uint32_t>(number), 4); }
    void float64(double number) { coded(0xcb, std::bit_cast<std::uint64_t>(number), 8); }

    /// Text that is not UTF-8 travels as bytes, so that every str of the stream is text.
    void string(std::string_view text) {
        if (!is_utf8(text)) return binary(std::as_bytes(std::span(text)));
        if (text.size() < 32) {
            byte(0xa0 | text.size());
        } else {
            sized(text.size(), 0xd9, 0xda, 0xdb, none);
        }
        out_.append(text);
    }
    void binary(std::span<const std::byte> bytes) {
        sized(bytes.size(), 0xc4, 0xc5, 0xc6, none);
        raw(bytes.data(), bytes.size());
    }
    void list(std::size_t count) {
        if (count < 16) return byte(0x90 | count);
        sized(count, none, 0xdc, 0xdd, none);
    }
    void map(std::size_t count) {
        if (count < 16) return byte(0x80 | count);
        sized(count, none, 0xde, 0xdf, none);
    }

    void typed_array(std::uint8_t element, std::span<const std::size_t> shape, const void* elements) {
        std::size_t size = element_size(element);
        for (const std::size_t extent : shape) size *= extent;
        const poolhost_typed_array_head head{element, static_cast<std::uint8_t>(shape.size()), {}};
        extension(POOLHOST_EXT_TYPED_ARRAY, sizeof(head) + 8 * shape.size() + size);
        raw(&head, sizeof(head));
        for (const std::uint64_t extent : shape) raw(&extent, sizeof(extent));
        raw(elements, size);
    }
    void buffer(const poolhost_buffer_head& head, std::span<const std::size_t> shape) {
        extension(POOLHOST_EXT_BUFFER, sizeof(head) + 8 * shape.size());
        raw(&head, sizeof(head));
        for (const std::uint64_t extent : shape) raw(&extent, sizeof(extent));
    }

private:
    static constexpr unsigned none = 0;  // no code for this width

    void byte(std::uint64_t value) { out_.push_back(static_cast<char>(value)); }

    void coded(unsigned code, std::uint64_t number, unsigned size) {
        char all[9] = {static_cast<char>(code)};
        for (unsigned i = 0; i < size; ++i) all[1 + i] = static_cast<char>(number >> (8 * (size - 1 - i)));
        out_.append(all, 1 + size);
    }

    /// The number behind the code for the smallest width that holds it.
    void sized(std::uint64_t number, unsigned code8, unsigned code16, unsigned code32, unsigned code64) {
        if (number <= UINT8_MAX && code8 != none) return coded(code8, number, 1);
        if (number <= UINT16_MAX) return coded(code16, number, 2);
        if (number <= UINT32_MAX) return coded(code32, number, 4);
        if (code64 == none) throw result_error("more than 4 GiB in one value; write it into context::allocate()");
        coded(code64, number, 8);
    }

    void extension(int type, std::size_t size) {
        if (size == 16) {
            byte(0xd8);
        } else {
            sized(size, 0xc7, 0xc8, 0xc9, none);
        }
        byte(static_cast<std::uint64_t>(type));
    }

    void raw(const void* from, std::size_t size) {
        if (size > 0) out_.append(static_cast<const char*>(from), size);
    }

    std::string out_;
};

}  // namespace poolhost::detail
