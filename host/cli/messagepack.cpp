// SPDX-License-Identifier: Apache-2.0
#include "cli/messagepack.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace poolhost::cli {
namespace {

// As in plugin.h: POOLHOST_EXT_BUFFER, POOLHOST_EXT_JSON, and poolhost_buffer_head.
constexpr std::uint8_t extension_buffer = 2;
constexpr std::uint8_t extension_json = 3;
struct BufferHead {
    std::uint8_t what = 0;
    std::uint8_t element = 0;
    std::uint8_t dimensions = 0;
    std::array<std::uint8_t, 5> reserved{};
    std::uint64_t id = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};
static_assert(sizeof(BufferHead) == 32);

// MessagePack's first bytes.
constexpr std::uint8_t nil = 0xc0;
constexpr std::uint8_t bin8 = 0xc4;
constexpr std::uint8_t ext8 = 0xc7;
constexpr std::uint8_t fixext1 = 0xd4;
constexpr std::uint8_t fixext16 = 0xd8;
constexpr std::uint8_t str8 = 0xd9;
constexpr std::uint8_t array32 = 0xdd;
constexpr std::uint8_t fixstr = 0xa0;
constexpr std::uint8_t fixstr_most = 31;

void append_octet(MessagePack& out, std::uint8_t octet) { out.push_back(std::byte{octet}); }

void append_big_endian(MessagePack& out, std::uint64_t number, int octets) {
    for (int i = octets - 1; i >= 0; --i) append_octet(out, static_cast<std::uint8_t>(number >> (8 * i)));
}

// The three forms that differ in how large a size they can say follow each other in MessagePack's table.
void append_size(MessagePack& out, std::uint8_t form8, std::size_t size) {
    if (size <= 0xff) {
        append_octet(out, form8);
        append_big_endian(out, size, 1);
    } else if (size <= 0xffff) {
        append_octet(out, form8 + 1);
        append_big_endian(out, size, 2);
    } else {
        append_octet(out, form8 + 2);
        append_big_endian(out, size, 4);
    }
}

void append_raw(MessagePack& out, std::span<const std::byte> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_extension(MessagePack& out, std::uint8_t type, std::span<const std::byte> payload) {
    append_size(out, ext8, payload.size());
    append_octet(out, type);
    append_raw(out, payload);
}

// Reads forward; once it is asked for more than there is, it stays failed.
class Cursor {
public:
    explicit Cursor(std::span<const std::byte> bytes) : left_(bytes) {}

    std::span<const std::byte> take(std::size_t size) {
        if (size > left_.size()) {
            failed_ = true;
            return {};
        }
        const auto taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }
    std::uint64_t number(int octets) {
        std::uint64_t value = 0;
        for (const std::byte octet : take(static_cast<std::size_t>(octets))) {
            value = value << 8 | std::to_integer<std::uint64_t>(octet);
        }
        return value;
    }
    /// A size in the form that `head`, one of three from `form8` on, says.
    std::size_t size(std::uint8_t head, std::uint8_t form8) { return number(1 << (head - form8)); }
    [[nodiscard]] bool failed() const { return failed_; }

private:
    std::span<const std::byte> left_;
    bool failed_ = false;
};

PlainValue extension(std::uint64_t type, std::span<const std::byte> payload) {
    if (type != extension_buffer || payload.size() < sizeof(BufferHead)) return {};
    BufferHead head;
    std::memcpy(&head, payload.data(), sizeof head);
    if (head.what > static_cast<std::uint8_t>(BufferContent::typed_array)) return {};
    return {PlainValue::Kind::reference, {}, {BufferContent{head.what}, head.id, head.offset, head.size}};
}

PlainValue extension(Cursor& cursor, std::size_t size) {
    const std::uint64_t type = cursor.number(1);
    return extension(type, cursor.take(size));
}

PlainValue read_value(Cursor& cursor) {
    using enum PlainValue::Kind;
    const auto head = static_cast<std::uint8_t>(cursor.number(1));
    if (head == nil) return {null, {}, {}};
    if (head >= fixstr && head <= fixstr + fixstr_most) return {text, cursor.take(head - fixstr), {}};
    if (head >= str8 && head <= str8 + 2) return {text, cursor.take(cursor.size(head, str8)), {}};
    if (head >= bin8 && head <= bin8 + 2) return {bytes, cursor.take(cursor.size(head, bin8)), {}};
    if (head >= ext8 && head <= ext8 + 2) return extension(cursor, cursor.size(head, ext8));
    if (head >= fixext1 && head <= fixext16) return extension(cursor, std::size_t{1} << (head - fixext1));
    return {};
}

}  // namespace

void append_array_head(MessagePack& out, std::size_t count) {
    append_octet(out, array32);
    append_big_endian(out, count, 4);
}

void append_text(MessagePack& out, std::string_view text) {
    if (text.size() <= fixstr_most) {
        append_octet(out, static_cast<std::uint8_t>(fixstr + text.size()));
    } else {
        append_size(out, str8, text.size());
    }
    append_raw(out, std::as_bytes(std::span(text)));
}

void append_bytes(MessagePack& out, std::span<const std::byte> bytes) {
    append_size(out, bin8, bytes.size());
    append_raw(out, bytes);
}

void append_json(MessagePack& out, std::string_view text) {
    append_extension(out, extension_json, std::as_bytes(std::span(text)));
}

void append_reference(MessagePack& out, const BufferReference& reference) {
    const BufferHead head{
        static_cast<std::uint8_t>(reference.content), 0, 0, {}, reference.id, reference.offset, reference.size};
    append_extension(out, extension_buffer, std::as_bytes(std::span(&head, 1)));
}

base::Result<PlainValue> read_plain_value(std::span<const std::byte> value) {
    Cursor cursor(value);
    const PlainValue read = read_value(cursor);
    if (cursor.failed()) return base::Error{"the result is not MessagePack: it is cut short"};
    return read;
}

}  // namespace poolhost::cli
