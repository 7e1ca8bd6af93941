// SPDX-License-Identifier: Apache-2.0
#include "text/count.hpp"

#include <array>

namespace text {
namespace {

constexpr auto is_space = [] {
    std::array<bool, 256> table{};
    for (const unsigned char character : {' ', '\t', '\n', '\v', '\f', '\r'}) table[character] = true;
    return table;
}();

}  // namespace

Counts count(std::string_view text) {
    Counts counts{.bytes = text.size()};
    bool after_space = true;
    for (const char character : text) {
        const bool space = is_space[static_cast<unsigned char>(character)];
        counts.lines += character == '\n' ? 1 : 0;
        counts.words += after_space && !space ? 1 : 0;
        after_space = space;
    }
    return counts;
}

}  // namespace text
