// SPDX-License-Identifier: Apache-2.0
#include "text/search.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace text {
namespace {

// A map runs one pattern over many files, and compiling one costs as much as searching many kilobytes.
const RE2& compiled(const std::string& pattern) {
    static std::unique_ptr<const RE2> latest;
    if (!latest || latest->pattern() != pattern) {
        latest.reset();
        auto expression = std::make_unique<const RE2>(pattern, RE2::Quiet);
        if (!expression->ok()) throw std::invalid_argument("pattern '" + pattern + "': " + expression->error());
        latest = std::move(expression);
    }
    return *latest;
}

}  // namespace

std::vector<Match> matching_lines(const std::string& pattern, std::string_view text) {
    const RE2& expression = compiled(pattern);
    std::vector<Match> matches;
    for (std::uint64_t number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), expression)) {
            matches.push_back({number, std::string(line)});
        }
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return matches;
}

}  // namespace text
