// SPDX-License-Identifier: Apache-2.0
#include "worker/messagepack_writer.hpp"

#include <poolhost/sdk/utf8.hpp>

#include <bit>

namespace poolhost::worker {

void MessagePackWriter::coded(unsigned code, std::uint64_t number, unsigned size) {
    char all[9] = {static_cast<char>(code)};
    for (unsigned i = 0; i < size; ++i) all[1 + i] = static_cast<char>(number >> (8 * (size - 1 - i)));
    out_.append(all, 1 + size);
}

void MessagePackWriter::integer(std::int64_t number) {
    if (number >= 0) return unsigned_integer(static_cast<std::uint64_t>(number));
    if (number >= -32) return out_.push_back(static_cast<char>(number));
    coded(0xd3, static_cast<std::uint64_t>(number), 8);
}

void MessagePackWriter::unsigned_integer(std::uint64_t number) {
    if (number < 0x80) return out_.push_back(static_cast<char>(number));
    if (number <= UINT32_MAX) return coded(0xce, number, 4);
    coded(0xcf, number, 8);
}

void MessagePackWriter::float64(double number) { coded(0xcb, std::bit_cast<std::uint64_t>(number), 8); }

void MessagePackWriter::text(std::string_view text) {
    if (!detail::is_utf8(text)) return bytes(text);
    if (text.size() >= 32) return counted(0xdb, text);
    out_.push_back(static_cast<char>(0xa0 | text.size()));
    out_.append(text);
}

void MessagePackWriter::counted(unsigned code32, std::string_view bytes) {
    coded(code32, bytes.size(), 4);
    out_.append(bytes);
}

std::size_t MessagePackWriter::open(unsigned code) {
    const std::size_t place = out_.size();
    coded(code, 0, 4);
    return place;
}

void MessagePackWriter::close(std::size_t place, std::uint32_t count) {
    for (unsigned i = 0; i < 4; ++i) out_[place + 1 + i] = static_cast<char>(count >> (8 * (3 - i)));
}

void MessagePackWriter::copy(std::span<const std::byte> value) {
    out_.append(reinterpret_cast<const char*>(value.data()), value.size());
}

}  // namespace poolhost::worker
