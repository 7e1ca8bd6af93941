// SPDX-License-Identifier: Apache-2.0
#include "config/json_arguments.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace poolhost::config {
namespace {

std::string_view without_sign(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text;
}

std::size_t digits_at(std::string_view text, std::size_t from) {
    const auto end = text.find_first_not_of("0123456789", from);
    return (end == std::string_view::npos ? text.size() : end) - from;
}

bool is_word(std::string_view text, std::string_view lower, std::string_view first_upper, std::string_view upper) {
    return text == lower || text == first_upper || text == upper;
}

// A floating number cut into what JSON wants separately.
struct Decimal {
    std::string_view whole;
    std::string_view fraction;
    std::string_view exponent;  // with its sign
};

// [-+]? ( digits ( . digits? )? | . digits ) ( [eE] [-+]? digits )?
std::optional<Decimal> as_decimal(std::string_view text) {
    text = without_sign(text);
    Decimal decimal;
    std::size_t at = digits_at(text, 0);
    decimal.whole = text.substr(0, at);
    if (at < text.size() && text[at] == '.') {
        const std::size_t count = digits_at(text, at + 1);
        decimal.fraction = text.substr(at + 1, count);
        at += 1 + count;
    }
    if (decimal.whole.empty() && decimal.fraction.empty()) return std::nullopt;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        const std::size_t sign = at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+') ? 1 : 0;
        const std::size_t count = digits_at(text, at + 1 + sign);
        if (count == 0) return std::nullopt;
        decimal.exponent = text.substr(at + 1, sign + count);
        at += 1 + sign + count;
    }
    return at == text.size() ? std::optional(decimal) : std::nullopt;
}

bool is_infinity(std::string_view text) { return is_word(without_sign(text), ".inf", ".Inf", ".INF"); }

bool is_nan(std::string_view text) { return is_word(text, ".nan", ".NaN", ".NAN"); }

void report_too_large(const Value& value) {
    value.fault(what_stands(*value.node) + " is beyond what 64 bits can hold",
                "write a smaller number, or quote a text");
}

std::string integer_json(const Value& value) {
    std::string_view digits = without_sign(value.node->text);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    const bool negative = value.node->text.starts_with('-') && digits != "0";
    const std::string text = (negative ? "-" : "") + std::string(digits);
    const char* const end = text.data() + text.size();
    std::int64_t below = 0;
    std::uint64_t above = 0;
    const auto end_of = negative ? std::from_chars(text.data(), end, below) : std::from_chars(text.data(), end, above);
    if (end_of.ec != std::errc{}) {
        report_too_large(value);
        return "null";
    }
    return text;
}

std::string floating_json(const Value& value) {
    const std::string& text = value.node->text;
    if (is_nan(text)) return R"({"$float": "nan"})";
    const bool negative = text.starts_with('-');
    if (is_infinity(text)) return negative ? R"({"$float": "-inf"})" : R"({"$float": "inf"})";
    const Decimal decimal = *as_decimal(text);
    std::string_view whole = decimal.whole;
    while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
    std::string json = negative ? "-" : "";
    json += whole.empty() ? "0" : whole;
    json += "." + std::string(decimal.fraction.empty() ? "0" : decimal.fraction);
    if (!decimal.exponent.empty()) json += "e" + std::string(decimal.exponent);
    double number = 0;
    if (std::from_chars(json.data(), json.data() + json.size(), number).ec == std::errc::result_out_of_range) {
        report_too_large(value);
        return "null";
    }
    return json;
}

std::string scalar_json(const Value& value) {
    switch (scalar_kind(*value.node)) {
        case ScalarKind::text:
            return json_text(value.node->text);
        case ScalarKind::null:
            return "null";
        case ScalarKind::boolean:
            return value.node->text[0] == 't' || value.node->text[0] == 'T' ? "true" : "false";
        case ScalarKind::integer:
            return integer_json(value);
        case ScalarKind::floating:
            return floating_json(value);
    }
    return "null";
}

std::string list_json(const Value& value) {
    std::string json;
    for (const Value& item : value.items()) json += (json.empty() ? "" : ", ") + to_json(item);
    return "[" + json + "]";
}

std::string map_json(const Value& value) {
    std::string json;
    for (const MapEntry& entry : value.node->entries) {
        json += (json.empty() ? "" : ", ") + json_text(entry.key) + ": " +
                to_json(Value{value.reading, entry.value, value.path + "." + entry.key});
    }
    return "{" + json + "}";
}

}  // namespace

ScalarKind scalar_kind(const Node& scalar) {
    const std::string& text = scalar.text;
    if (scalar.quoted) return ScalarKind::text;
    if (text == "~" || is_word(text, "null", "Null", "NULL")) return ScalarKind::null;
    if (is_word(text, "true", "True", "TRUE") || is_word(text, "false", "False", "FALSE")) return ScalarKind::boolean;
    if (!without_sign(text).empty() && digits_at(without_sign(text), 0) == without_sign(text).size()) {
        return ScalarKind::integer;
    }
    return as_decimal(text) || is_infinity(text) || is_nan(text) ? ScalarKind::floating : ScalarKind::text;
}

std::string to_json(const Value& value) {
    switch (value.node->kind) {
        case Node::Kind::scalar:
            return scalar_json(value);
        case Node::Kind::list:
            return list_json(value);
        case Node::Kind::map:
            return map_json(value);
        case Node::Kind::nothing:
        case Node::Kind::faulty:
            break;
    }
    return "null";
}

std::string json_text(std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            json += {'\\', c};
        } else if (byte < 0x20 || byte == 0x7f) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
            json += escape.data();
        } else {
            json += c;
        }
    }
    return json + "\"";
}

}  // namespace poolhost::config
