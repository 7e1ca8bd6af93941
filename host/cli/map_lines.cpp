// SPDX-License-Identifier: Apache-2.0
#include "cli/map_lines.hpp"

#include "cli/outcome_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

namespace poolhost::cli {
namespace {

void append_index(std::string& out, std::uint64_t index) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), index);
    out.append("{\"index\": ").append(digits.data(), end.ptr);
}

void append_base64(std::string& out, std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view three = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8 | (i < three.size() ? static_cast<unsigned char>(three[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += i <= three.size() ? alphabet[bits >> (18 - 6 * i) & 63U] : '=';
        }
    }
}

std::string text_json(std::string_view text) try {
    return nlohmann::json(text).dump();
} catch (const nlohmann::json::type_error&) {  // it is not UTF-8
    std::string json = "{\"$bytes\": \"";
    append_base64(json, text);
    return json + "\"}";
}

}  // namespace

void append_value_line(std::string& out, LineStyle style, std::uint64_t index, std::string_view value) {
    if (style == LineStyle::plain) {
        out.append(value) += '\n';
        return;
    }
    append_index(out, index);
    out.append(", \"value\": ").append(value).append("}\n");
}

void append_error_line(std::string& out, LineStyle style, std::uint64_t index, std::string_view item,
                       const wire::CallError& error) {
    if (style == LineStyle::plain) {
        out += '{';
    } else {
        append_index(out, index);
        out.append(", \"item\": ").append(item).append(", ");
    }
    out.append("\"error\": ").append(error_json(error)).append("}\n");
}

std::string item_json(ItemKind kind, std::string_view item) {
    if (kind == ItemKind::text || !is_json(item)) return text_json(item);
    std::string json(item);
    std::ranges::replace(json, '\n', ' ');  // between tokens: within a string there is none
    return json;
}

}  // namespace poolhost::cli
