// SPDX-License-Identifier: Apache-2.0
#include "cli/map_template.hpp"

#include <gtest/gtest.h>

namespace poolhost::cli {
namespace {

std::string expand(std::string_view text, std::string_view item, std::uint64_t index = 0) {
    return Template(text).expand({item, index});
}

TEST(MapTemplate, HasThePlacesOfGnuParallel) {
    const std::string_view item = "photos/2024.07/cat.at.home.jpg";
    EXPECT_EQ(expand("{}", item), item);
    EXPECT_EQ(expand("{.}", item), "photos/2024.07/cat.at.home");
    EXPECT_EQ(expand("{/}", item), "cat.at.home.jpg");
    EXPECT_EQ(expand("{/.}", item), "cat.at.home");
    EXPECT_EQ(expand("{#}", item, 6), "7");
    EXPECT_EQ(expand("thumbs/{#}-{/.}.png", item, 41), "thumbs/42-cat.at.home.png");
}

TEST(MapTemplate, ADotInAFolderBeginsNoExtension) {
    EXPECT_EQ(expand("{.}", "a.d/file"), "a.d/file");
    EXPECT_EQ(expand("{/.}", "a.d/file"), "file");
}

TEST(MapTemplate, AHiddenFileHasNoExtension) {
    EXPECT_EQ(expand("{.}", "home/.profile"), "home/.profile");
    EXPECT_EQ(expand("{/.}", "home/.profile.bak"), ".profile");
    EXPECT_EQ(expand("{.}", ".x"), ".x");
}

TEST(MapTemplate, LeavesEverythingElseAlone) {
    for (const auto* text : {"", "plain", "{", "}", "{{}", "{x}", "$HOME `id` \\", "{ }"}) {
        const std::string_view same = text;
        if (same == "{{}") {
            EXPECT_EQ(expand(text, "i"), "{i");
        } else {
            EXPECT_EQ(expand(text, "i"), same);
        }
    }
}

TEST(MapTemplate, NeverLooksIntoAnItem) { EXPECT_EQ(expand("{}-{}", "{/}{#}"), "{/}{#}-{/}{#}"); }

TEST(MapTemplate, TakesItemsWithoutASlashADotOrAnything) {
    EXPECT_EQ(expand("{.}|{/}|{/.}", "name"), "name|name|name");
    EXPECT_EQ(expand("{.}|{/}|{/.}", ""), "||");
    EXPECT_EQ(expand("{/}", "folder/"), "");
}

TEST(MapTemplate, KnowsWhetherItVaries) {
    EXPECT_TRUE(Template("abc").constant());
    EXPECT_TRUE(Template("").constant());
    EXPECT_FALSE(Template("a{#}").constant());
    EXPECT_TRUE(Template("{}").item_itself());
    EXPECT_FALSE(Template("{} ").item_itself());
}

TEST(MapTemplate, KnowsWhenNoTwoItemsCanAgree) {
    EXPECT_TRUE(Template("{#}").always_different());
    EXPECT_TRUE(Template("tile-{#}.png").always_different());
    EXPECT_TRUE(Template("{/}-{#}.png").always_different());
    EXPECT_FALSE(Template("{}{#}").always_different());  // "1" as item 11, "11" as item 1
    EXPECT_FALSE(Template("{#}{}").always_different());
    EXPECT_FALSE(Template("{}").always_different());
    EXPECT_FALSE(Template("{}0{#}").always_different());
}

}  // namespace
}  // namespace poolhost::cli
