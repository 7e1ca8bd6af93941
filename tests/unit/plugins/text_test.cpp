// SPDX-License-Identifier: Apache-2.0
#include "text/count.hpp"
#include "text/file.hpp"
#include "text/search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace {

using text::count;
using text::matching_lines;

std::vector<std::pair<std::uint64_t, std::string>> found(const std::string& pattern, std::string_view text) {
    std::vector<std::pair<std::uint64_t, std::string>> pairs;
    for (const auto& match : matching_lines(pattern, text)) pairs.emplace_back(match.line, match.text);
    return pairs;
}

using Lines = std::vector<std::pair<std::uint64_t, std::string>>;

TEST(Count, CountsAsWcDoes) {
    const auto counts = count("one two\n  three\t\tfour \n\nlast line without end");
    EXPECT_EQ(counts.lines, 3U);
    EXPECT_EQ(counts.words, 8U);
    EXPECT_EQ(counts.bytes, 45U);
    EXPECT_EQ(count("").words, 0U);
    EXPECT_EQ(count(" \n ").words, 0U);
    EXPECT_EQ(count("\xff\xfe caf\xc3\xa9").words, 2U);
}

TEST(Search, FindsWholeLinesWithTheirNumbers) {
    EXPECT_EQ(found("b.t", "a bat\nnothing\nbitten\n"), (Lines{{1, "a bat"}, {3, "bitten"}}));
    EXPECT_EQ(found("^x$", "x\nxx\nx"), (Lines{{1, "x"}, {3, "x"}}));
    EXPECT_EQ(found("^$", "a\n\nb\n"), (Lines{{2, ""}}));
    EXPECT_EQ(found("a", ""), Lines{});
}

TEST(Search, AnotherPatternReplacesTheOneBefore) {
    EXPECT_EQ(found("a", "a\nb\n").size(), 1U);
    EXPECT_EQ(found("b", "a\nb\n"), (Lines{{2, "b"}}));
    EXPECT_EQ(found("[ab]", "a\nb\n").size(), 2U);
}

TEST(Search, ABrokenPatternIsAnErrorThatSaysWhyAndIsForgotten) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        try {
            matching_lines("a(b", "ab");
            FAIL();
        } catch (const std::invalid_argument& error) {
            EXPECT_STREQ(error.what(), "pattern 'a(b': missing ): a(b");
        }
    }
    EXPECT_EQ(found("ab", "ab").size(), 1U);
}

TEST(ReadFile, GivesAllOfItOrNamesThePath) {
    const auto path = std::filesystem::path(testing::TempDir()) / ("poolhost_text_" + std::to_string(::getpid()));
    const std::string content(600'000, 'x');
    std::ofstream(path) << content;
    EXPECT_EQ(text::read_file(path), content);
    std::filesystem::remove(path);
    EXPECT_THROW(text::read_file("/"), std::system_error);
    try {
        text::read_file(path);
        FAIL();
    } catch (const std::system_error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr(path.string() + "': No such file"));
    }
}

}  // namespace
