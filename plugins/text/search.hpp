// SPDX-License-Identifier: Apache-2.0
// Finding the lines that match a regular expression, in time linear in the text whatever the expression.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace text {

struct Match {
    std::uint64_t line = 0;  // counted from 1
    std::string text;        // the whole line, without its newline
};

/// Lines of `text` in which `pattern` (RE2's syntax, UTF-8) matches somewhere. Throws std::invalid_argument for a
/// pattern that RE2 refuses. The last pattern stays compiled; not for two threads at once.
std::vector<Match> matching_lines(const std::string& pattern, std::string_view text);

}  // namespace text
