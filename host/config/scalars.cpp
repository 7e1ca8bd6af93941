// SPDX-License-Identifier: Apache-2.0
#include "config/scalars.hpp"

#include "config/units.hpp"

#include <charconv>
#include <limits>
#include <utility>

namespace poolhost::config {
namespace {

std::string number_remedy(Range range) {
    if (range.most == std::numeric_limits<std::int64_t>::max()) {
        return "write a whole number from " + std::to_string(range.least) + " on";
    }
    return "write a whole number from " + std::to_string(range.least) + " to " + std::to_string(range.most);
}

bool is_whole_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

template <class T>
std::optional<T> with_unit(const Value& value, Zero zero, Parsed<T> (*parse)(std::string_view), std::string_view what,
                           const std::string& remedy) {
    if (!value.is_scalar()) {
        value.wrong_type(what, remedy);
        return std::nullopt;
    }
    const auto parsed = parse(value.node->text);
    if (!parsed) {
        value.fault(parsed.error().cause, parsed.error().remedy);
        return std::nullopt;
    }
    if (zero == Zero::refused && *parsed == T{}) {
        value.fault("it must be more than zero", remedy);
        return std::nullopt;
    }
    return *parsed;
}

}  // namespace

std::optional<std::int64_t> read_number(const Value& value, Range range) {
    if (!value.is_scalar()) {
        value.wrong_type("a number", number_remedy(range));
        return std::nullopt;
    }
    std::string_view text = value.node->text;
    if (!is_whole_number(text)) {
        value.fault(what_stands(*value.node) + " is no whole number", number_remedy(range));
        return std::nullopt;
    }
    if (value.node->quoted) {
        value.fault(what_stands(*value.node) + " is a text, because of its quotation marks", "write it without them");
        return std::nullopt;
    }
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto end = text.data() + text.size();
    const bool fits = std::from_chars(text.data(), end, number).ec == std::errc{};
    if (!fits || number < range.least || number > range.most) {
        const bool small = text.starts_with('-') || (fits && number < range.least);
        value.fault(what_stands(*value.node) + " is too " + (small ? "small" : "large"), number_remedy(range));
        return std::nullopt;
    }
    return number;
}

std::optional<Duration> read_duration(const Value& value, Zero zero) {
    return with_unit(value, zero, &parse_duration, "a duration",
                     "write a number with a unit, such as 500ms, 30s, 5m or 1h");
}

std::optional<Bytes> read_size(const Value& value, Zero zero) {
    return with_unit(value, zero, &parse_size, "a size", "write a whole number with a unit, such as 64KiB or 512MiB");
}

std::optional<std::uint32_t> read_percent(const Value& value) {
    const std::string_view text = value.node->text;
    const std::string_view digits = text.substr(0, text.size() - (text.ends_with('%') ? 1 : 0));
    const bool fits = text.ends_with('%') && !digits.empty() && digits.size() <= 3 &&
                      digits.find_first_not_of("0123456789") == std::string_view::npos;
    const std::uint32_t percent = fits ? static_cast<std::uint32_t>(std::stoul(std::string(digits))) : 0;
    if (!fits || percent > 100) {
        value.wrong_type("a percentage", "write 0% to 100%, as in 10%");
        return std::nullopt;
    }
    return percent;
}

std::optional<std::string> read_text(const Value& value) {
    if (!value.is_scalar()) {
        value.wrong_type("a text", "write a text");
        return std::nullopt;
    }
    if (value.node->text.empty()) {
        value.fault("the text is empty", "write a text, or remove the key");
        return std::nullopt;
    }
    return value.node->text;
}

std::optional<std::filesystem::path> read_path(const Value& value) {
    const auto text = read_text(value);
    return text ? std::optional(value.reading->absolute(*text)) : std::nullopt;
}

std::optional<std::vector<std::string>> read_texts(const Value& value) {
    if (value.node->kind != Node::Kind::list) {
        value.wrong_type("a list",
                         value.is_scalar() ? "write [" + value.node->text + "]" : "write a list, as in [a, b]");
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (const Value& item : value.items()) {
        if (item.is_faulty()) continue;
        if (auto text = read_text(item)) texts.push_back(*std::move(text));
    }
    return texts;
}

void report_word(const Value& value, std::span<const std::string> names) {
    std::string choice;
    for (const auto& name : names) choice += (choice.empty() ? "" : ", ") + name;
    if (!value.is_scalar()) {
        value.wrong_type("a word", "write one of " + choice);
        return;
    }
    const auto nearest = base::nearest_name(value.node->text, names);
    value.fault(what_stands(*value.node) + " is not known here",
                nearest ? "did you mean '" + *nearest + "'? It is one of " + choice : "write one of " + choice);
}

}  // namespace poolhost::config
