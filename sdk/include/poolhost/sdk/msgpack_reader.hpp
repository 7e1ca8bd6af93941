// SPDX-License-Identifier: Apache-2.0
// Reads MessagePack one token at a time, never beyond the end and never trusting a size.
#pragma once

#include "fault.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace poolhost::detail {

enum class token_kind : std::uint8_t {
    null,
    boolean,
    integer,
    float32,
    float64,
    string,
    bytes,
    list,
    map,
    extension,
    array
};

/// One head of MessagePack, with its payload where it has one. The decoder makes an `array` of an extension that is
/// one.
struct token {
    token_kind kind = token_kind::null;
    bool negative = false;                    // an integer below zero
    std::int8_t extension = 0;                // its type
    std::uint64_t number = 0;                 // an integer in two's complement, the bits of a float, 0 or 1
    std::size_t count = 0;                    // elements of a list, pairs of a map
    std::span<const std::uint8_t> payload{};  // of strings, bytes and extensions

    [[nodiscard]] double as_double() const {
        if (kind == token_kind::float32) return std::bit_cast<float>(static_cast<std::uint32_t>(number));
        return std::bit_cast<double>(number);
    }
    [[nodiscard]] std::string_view text() const {
        return {reinterpret_cast<const char*>(payload.data()), payload.size()};
    }
};

/// The stream is not MessagePack, or is cut off.
struct malformed {
    const char* what;
};

class msgpack_reader {
public:
    explicit msgpack_reader(std::span<const std::uint8_t> stream) : stream_(stream) {}

    [[nodiscard]] std::size_t position() const noexcept { return at_; }
    void seek(std::size_t position) noexcept { at_ = position; }
    [[nodiscard]] std::size_t left() const noexcept { return stream_.size() - at_; }

    token next() {
        const auto head = number<std::uint8_t>();
        if (head < 0x80) return integer(head);
        if (head < 0x90) return container(token_kind::map, head & 0x0fU);
        if (head < 0xa0) return container(token_kind::list, head & 0x0fU);
        if (head < 0xc0) return blob(token_kind::string, head & 0x1fU);
        if (head >= 0xe0) return signed_integer(static_cast<std::int8_t>(head));
        return by_code(head);
    }

    /// Takes the next value if it is null.
    bool take_null() {
        if (left() == 0 || stream_[at_] != 0xc0) return false;
        ++at_;
        return true;
    }

    /// Passes over one whole value, however deep.
    void skip() {
        for (std::size_t values = 1; values > 0; --values) {
            const token head = next();
            values += head.kind == token_kind::map ? 2 * head.count : head.count;
        }
    }

private:
    // clang-format off
    token by_code(std::uint8_t head) {
        switch (head) {
            case 0xc0: return {};
            case 0xc2: return {.kind = token_kind::boolean};
            case 0xc3: return {.kind = token_kind::boolean, .number = 1};
            case 0xc4: return blob(token_kind::bytes, number<std::uint8_t>());
            case 0xc5: return blob(token_kind::bytes, number<std::uint16_t>());
            case 0xc6: return blob(token_kind::bytes, number<std::uint32_t>());
            case 0xc7: return extension(number<std::uint8_t>());
            case 0xc8: return extension(number<std::uint16_t>());
            case 0xc9: return extension(number<std::uint32_t>());
            case 0xca: return {.kind = token_kind::float32, .number = number<std::uint32_t>()};
            case 0xcb: return {.kind = token_kind::float64, .number = number<std::uint64_t>()};
            case 0xcc: return integer(number<std::uint8_t>());
            case 0xcd: return integer(number<std::uint16_t>());
            case 0xce: return integer(number<std::uint32_t>());
            case 0xcf: return integer(number<std::uint64_t>());
            case 0xd0: return signed_integer(static_cast<std::int8_t>(number<std::uint8_t>()));
            case 0xd1: return signed_integer(static_cast<std::int16_t>(number<std::uint16_t>()));
            case 0xd2: return signed_integer(static_cast<std::int32_t>(number<std::uint32_t>()));
            case 0xd3: return signed_integer(static_cast<std::int64_t>(number<std::uint64_t>()));
            case 0xd4: return extension(1);
            case 0xd5: return extension(2);
            case 0xd6: return extension(4);
            case 0xd7: return extension(8);
            case 0xd8: return extension(16);
            case 0xd9: return blob(token_kind::string, number<std::uint8_t>());
            case 0xda: return blob(token_kind::string, number<std::uint16_t>());
            case 0xdb: return blob(token_kind::string, number<std::uint32_t>());
            case 0xdc: return container(token_kind::list, number<std::uint16_t>());
            case 0xdd: return container(token_kind::list, number<std::uint32_t>());
            case 0xde: return container(token_kind::map, number<std::uint16_t>());
            case 0xdf: return container(token_kind::map, number<std::uint32_t>());
            default: throw malformed{"a byte that begins no value"};
        }
    }
    // clang-format on

    /// Big-endian in the stream.
    template <class T>
    T number() {
        static_assert(std::endian::native == std::endian::little);
        if (left() < sizeof(T)) cut_off();
        T raw;
        std::memcpy(&raw, stream_.data() + at_, sizeof(T));
        at_ += sizeof(T);
        if constexpr (sizeof(T) == 2) return __builtin_bswap16(raw);
        if constexpr (sizeof(T) == 4) return __builtin_bswap32(raw);
        if constexpr (sizeof(T) == 8) return __builtin_bswap64(raw);
        return raw;
    }

    static token integer(std::uint64_t number) { return {.kind = token_kind::integer, .number = number}; }
    static token signed_integer(std::int64_t number) {
        return {.kind = token_kind::integer, .negative = number < 0, .number = static_cast<std::uint64_t>(number)};
    }

    token blob(token_kind kind, std::uint64_t size) {
        if (size > left()) cut_off();
        const auto payload = stream_.subspan(at_, size);
        at_ += size;
        return {.kind = kind, .payload = payload};
    }

    token extension(std::uint64_t size) {
        const auto type = static_cast<std::int8_t>(number<std::uint8_t>());
        token whole = blob(token_kind::extension, size);
        whole.extension = type;
        return whole;
    }

    /// Every element takes a byte at least: a count beyond that is a lie, and is found out before memory is taken.
    token container(token_kind kind, std::uint64_t count) {
        if (count > (kind == token_kind::map ? left() / 2 : left())) cut_off();
        return {.kind = kind, .count = count};
    }

    [[noreturn, gnu::cold]] static void cut_off() { throw malformed{"it is cut off, or a size in it is wrong"}; }

    std::span<const std::uint8_t> stream_;
    std::size_t at_ = 0;
};

}  // namespace poolhost::detail
