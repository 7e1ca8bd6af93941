// SPDX-License-Identifier: Apache-2.0
// Text at compile time: written once to be measured and once to be kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace poolhost::detail {

/// Counts what is added, and keeps it where there is somewhere to keep it.
class text_sink {
public:
    constexpr text_sink() = default;
    constexpr explicit text_sink(char* to) : to_(to) {}

    constexpr void add(std::string_view text) {
        for (const char c : text) add(c);
    }
    constexpr void add(char c) {
        if (to_ != nullptr) to_[size_] = c;
        ++size_;
    }
    constexpr void add_number(std::uint64_t number) {
        if (number >= 10) add_number(number / 10);
        add(static_cast<char>('0' + number % 10));
    }
    [[nodiscard]] constexpr std::size_t size() const { return size_; }

private:
    char* to_ = nullptr;
    std::size_t size_ = 0;
};

/// What Writer::write(text_sink&) writes, as a constant.
template <class Writer>
struct constant_text {
    static constexpr std::size_t size = [] {
        text_sink sink;
        Writer::write(sink);
        return sink.size();
    }();
    static constexpr std::array<char, size> characters = [] {
        std::array<char, size> all{};
        text_sink sink(all.data());
        Writer::write(sink);
        return all;
    }();
    static constexpr std::string_view view{characters.data(), size};
};

/// A letter or underscore, then letters, digits and underscores.
constexpr bool is_identifier(std::string_view name) {
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9')) return false;
    }
    return !name.empty();
}

/// Whether a manifest field can hold it: no record or unit separator, no NUL.
constexpr bool is_manifest_text(std::string_view text) {
    for (const char c : text) {
        if (c == '\x1e' || c == '\x1f' || c == '\0') return false;
    }
    return true;
}

}  // namespace poolhost::detail
