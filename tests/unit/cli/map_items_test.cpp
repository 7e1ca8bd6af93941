// SPDX-License-Identifier: Apache-2.0
#include "cli/map_items.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace poolhost::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What comes out when the text arrives in pieces of `piece` bytes and blocks hold `block` bytes.
std::vector<std::string> split(std::string_view text, char separator, std::size_t block, std::size_t piece) {
    ItemSplitter splitter(separator, block);
    std::vector<Item> kept;  // to the end, so that blocks that were let go too early are found by the sanitizer
    const auto take = [&] {
        while (auto item = splitter.next()) kept.push_back(std::move(*item));
    };
    while (!text.empty()) {
        const auto space = splitter.space();
        const std::size_t size = std::min({piece, space.size(), text.size()});
        std::copy_n(text.data(), size, space.data());
        splitter.filled(size);
        text.remove_prefix(size);
        take();
    }
    splitter.finish();
    take();
    EXPECT_EQ(splitter.pending(), 0U);
    std::vector<std::string> items;
    for (const Item& item : kept) items.emplace_back(item.text);
    return items;
}

TEST(MapItems, AreTheLinesOfTheInput) {
    EXPECT_THAT(split("1\n22\n333\n", '\n', 64, 64), ElementsAre("1", "22", "333"));
}

TEST(MapItems, TheLastLineNeedsNoEnd) { EXPECT_THAT(split("1\n2", '\n', 64, 64), ElementsAre("1", "2")); }

TEST(MapItems, AnEmptyInputHasNone) { EXPECT_THAT(split("", '\n', 64, 64), IsEmpty()); }

TEST(MapItems, EmptyLinesAreItems) { EXPECT_THAT(split("\n\na\n\n", '\n', 64, 64), ElementsAre("", "", "a", "")); }

TEST(MapItems, KeepTheirCarriageReturn) { EXPECT_THAT(split("a\r\nb\r\n", '\n', 64, 64), ElementsAre("a\r", "b\r")); }

TEST(MapItems, MayHoldLineFeedsWhereNulSeparates) {
    EXPECT_THAT(split({"a\nb\0c\0", 6}, '\0', 64, 64), ElementsAre("a\nb", "c"));
    EXPECT_THAT(split({"a\nb\0c", 5}, '\0', 64, 64), ElementsAre("a\nb", "c"));
}

TEST(MapItems, AreTheSameHoweverTheyArriveAndWhereverBlocksEnd) {
    std::string text;
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < 200; ++i) {
        expected.push_back(std::string(i * 7 % 41, static_cast<char>('a' + i % 26)));
        text += expected.back() + "\n";
    }
    for (const std::size_t block : {1U, 2U, 7U, 16U, 64U, 4096U}) {
        for (const std::size_t piece : {1U, 3U, 5000U}) {
            EXPECT_EQ(split(text, '\n', block, piece), expected) << block << " " << piece;
        }
    }
}

TEST(MapItems, OneMayBeFarLongerThanABlock) {
    const std::string line(1'000'000, 'x');
    EXPECT_THAT(split("a\n" + line + "\nb\n", '\n', 1024, 777), ElementsAre("a", line, "b"));
}

}  // namespace
}  // namespace poolhost::cli
