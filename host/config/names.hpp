// SPDX-License-Identifier: Apache-2.0
// The words that stand for enumerated values, for reading and for printing.
#pragma once

#include "config/host_config.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace poolhost::config {

template <class T>
struct Word {
    std::string_view name;
    T value;
};

inline constexpr std::array start_method_words{Word<StartMethod>{"spawn", StartMethod::spawn},
                                               Word<StartMethod>{"fork", StartMethod::fork},
                                               Word<StartMethod>{"forkserver", StartMethod::forkserver}};
inline constexpr std::array log_level_words{
    Word<LogLevel>{"debug", LogLevel::debug}, Word<LogLevel>{"info", LogLevel::info},
    Word<LogLevel>{"warning", LogLevel::warning}, Word<LogLevel>{"error", LogLevel::error}};
inline constexpr std::array log_format_words{Word<LogFormat>{"text", LogFormat::text},
                                             Word<LogFormat>{"json", LogFormat::json}};
inline constexpr std::array capsule_cause_words{
    Word<CapsuleCause>{"crash", CapsuleCause::crash}, Word<CapsuleCause>{"oom", CapsuleCause::oom},
    Word<CapsuleCause>{"limit", CapsuleCause::limit}, Word<CapsuleCause>{"killed", CapsuleCause::killed},
    Word<CapsuleCause>{"exit", CapsuleCause::exit},   Word<CapsuleCause>{"timeout", CapsuleCause::timeout}};
inline constexpr std::array replacement_words{Word<Replacement>{"before", Replacement::before},
                                              Word<Replacement>{"after", Replacement::after}};

/// Every value of the enumeration stands in `words`.
template <class T, std::size_t N>
constexpr std::string_view word_for(const std::array<Word<T>, N>& words, T value) {
    return std::ranges::find(words, value, &Word<T>::value)->name;
}

}  // namespace poolhost::config
