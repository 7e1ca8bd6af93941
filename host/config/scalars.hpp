// SPDX-License-Identifier: Apache-2.0
// From a value of the document to a number, duration, size, text or word; what does not fit is reported there.
#pragma once

#include "config/names.hpp"
#include "config/reading.hpp"

#include "base/nearest.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace poolhost::config {

struct Range {
    std::int64_t least;
    std::int64_t most;
};

/// Whether nothing at all is a sensible amount of what is read.
enum class Zero { allowed, refused };

/// A whole number in decimal digits, not in quotation marks.
std::optional<std::int64_t> read_number(const Value& value, Range range);
std::optional<Duration> read_duration(const Value& value, Zero zero);
std::optional<Bytes> read_size(const Value& value, Zero zero);
/// A percentage from 0% to 100%, as in 10%.
std::optional<std::uint32_t> read_percent(const Value& value);
/// Any scalar, as written; not empty.
std::optional<std::string> read_text(const Value& value);
/// A text; relative paths are relative to the file.
std::optional<std::filesystem::path> read_path(const Value& value);
/// A list of texts.
std::optional<std::vector<std::string>> read_texts(const Value& value);

/// The same as functions of the value alone, for Section::get.
template <class T>
auto number_in(Range range) {
    return [range](const Value& value) -> std::optional<T> {
        const auto number = read_number(value, range);
        return number ? std::optional(static_cast<T>(*number)) : std::nullopt;
    };
}
inline auto duration_with(Zero zero) {
    return [zero](const Value& value) { return read_duration(value, zero); };
}
inline auto size_with(Zero zero) {
    return [zero](const Value& value) { return read_size(value, zero); };
}

/// Reports a word that is none of `names`, with the nearest one.
void report_word(const Value& value, std::span<const std::string> names);

template <class T, std::size_t N>
auto one_of(const std::array<Word<T>, N>& words) {
    return [&words](const Value& value) -> std::optional<T> {
        std::vector<std::string> names;
        for (const auto& word : words) {
            if (value.is_scalar() && value.node->text == word.name) return word.value;
            names.emplace_back(word.name);
        }
        report_word(value, names);
        return std::nullopt;
    };
}

}  // namespace poolhost::config
