// SPDX-License-Identifier: Apache-2.0
// The plugin text: what wc and grep do, for text at hand and for files.
#include "text/count.hpp"
#include "text/file.hpp"
#include "text/search.hpp"

#include <poolhost/sdk.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace text {
POOLHOST_STRUCT(Counts, lines, words, bytes)
POOLHOST_STRUCT(Match, line, text)
}  // namespace text

namespace {

text::Counts word_count_file(const std::string& path) { return text::count(text::read_file(path)); }

std::vector<text::Match> grep_file(const std::string& pattern, const std::string& path) {
    return text::matching_lines(pattern, text::read_file(path));
}

}  // namespace

POOLHOST_PLUGIN(
    text, "1.0.0", "Counting and searching, as wc and grep do.",
    poolhost::task("word_count", text::count, "text").doc("Lines, words and bytes of a text.").idempotent(),
    poolhost::task("word_count_file", word_count_file, "path").doc("Lines, words and bytes of a file.").idempotent(),
    poolhost::task("grep", text::matching_lines, "pattern", "text")
        .doc("The lines in which a regular expression (RE2's syntax) matches, with their numbers from 1.")
        .idempotent(),
    poolhost::task("grep_file", grep_file, "pattern", "path")
        .doc("The lines of a file in which a regular expression (RE2's syntax) matches, with their numbers from 1.")
        .idempotent())
