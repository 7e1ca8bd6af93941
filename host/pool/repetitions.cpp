// SPDX-License-Identifier: Apache-2.0
#include "pool/repetitions.hpp"

#include <algorithm>
#include <utility>

namespace poolhost::pool {
namespace {

// Of texts that differ each time, as those with an address in them do, only so many are remembered.
constexpr std::size_t most_texts = 64;

bool power_of_ten(std::uint64_t number) {
    while (number % 10 == 0) number /= 10;
    return number == 1;
}

}  // namespace

std::optional<std::string> Repetitions::happened(const std::string& text) {
    if (times_.size() >= most_texts && !times_.contains(text)) times_.clear();
    const std::uint64_t times = ++times_[text];
    if (times == 1) return text;
    ++unsaid_;
    if (!power_of_ten(times)) return std::nullopt;
    return text + " (" + std::to_string(times) + " times by now)";
}

std::string Repetitions::over() {
    std::uint64_t most = 0;
    for (const auto& [text, times] : times_) most = std::max(most, times);
    times_.clear();
    if (std::exchange(unsaid_, 0) == 0) return {};
    return "; it happened " + std::to_string(most) + " times";
}

}  // namespace poolhost::pool
