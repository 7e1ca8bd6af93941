// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <array>
#include <cstdint>

namespace poolhost::base {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> make_digits() {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        digits[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return digits;
}
constexpr auto digits = make_digits();

std::uint32_t digit(char character) { return digits[static_cast<std::uint8_t>(character)]; }

// Four characters without padding to 24 bits; beyond 24 bits where one of them is no digit.
std::uint32_t quad(const char* at) {
    const std::uint32_t all[] = {digit(at[0]), digit(at[1]), digit(at[2]), digit(at[3])};
    if ((all[0] | all[1] | all[2] | all[3]) >= 64) return UINT32_MAX;
    return all[0] << 18 | all[1] << 12 | all[2] << 6 | all[3];
}

// The last four characters, of which one or two are padding; false where they are wrong.
bool decode_end(std::string& bytes, std::string_view end) {
    const bool two = end[2] == '=';
    const char whole[] = {end[0], end[1], two ? 'A' : end[2], 'A'};
    const std::uint32_t bits = quad(whole);
    const std::uint32_t unused = two ? 0xffff : 0xff;
    if (bits == UINT32_MAX || end[3] != '=' || (bits & unused) != 0) return false;
    bytes.push_back(static_cast<char>(bits >> 16));
    if (!two) bytes.push_back(static_cast<char>(bits >> 8));
    return true;
}

}  // namespace

void append_base64(std::string& text, std::span<const std::byte> bytes) {
    std::size_t to = text.size();
    text.resize(to + (bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        const auto at = [&](std::size_t n) { return n < left ? std::to_integer<std::uint32_t>(bytes[i + n]) : 0U; };
        const std::uint32_t bits = at(0) << 16 | at(1) << 8 | at(2);
        text[to++] = alphabet[bits >> 18];
        text[to++] = alphabet[bits >> 12 & 63];
        text[to++] = left > 1 ? alphabet[bits >> 6 & 63] : '=';
        text[to++] = left > 2 ? alphabet[bits & 63] : '=';
    }
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    const bool padded = text.ends_with('=');
    const std::size_t whole = padded ? text.size() - 4 : text.size();
    for (std::size_t i = 0; i < whole; i += 4) {
        const std::uint32_t bits = quad(text.data() + i);
        if (bits == UINT32_MAX) return std::nullopt;
        for (const unsigned shift : {16U, 8U, 0U}) bytes.push_back(static_cast<char>(bits >> shift));
    }
    if (padded && !decode_end(bytes, text.substr(whole))) return std::nullopt;
    return bytes;
}

}  // namespace poolhost::base
