// SPDX-License-Identifier: Apache-2.0
#include "catalog/abi.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poolhost/plugin.h>

namespace poolhost::catalog {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Abi, IsTheOneOfTheHeaderThatPluginsAreBuiltWith) {
    EXPECT_EQ(base::host_abi, (base::AbiVersion{POOLHOST_ABI_MAJOR, POOLHOST_ABI_MINOR}));
    EXPECT_TRUE(check_abi("1.0"));
}

TEST(Abi, TakesOlderMinorsOfTheSameMajor) {
    EXPECT_TRUE(base::check_abi({2, 3}, {2, 3}));
    EXPECT_TRUE(base::check_abi({2, 0}, {2, 3}));
}

TEST(Abi, RefusesAnOlderMajorAndSaysThatThePluginIsToBeRebuilt) {
    const auto checked = base::check_abi({1, 9}, {2, 3});
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message,
                StartsWith("too old: compiled for plugin ABI 1.9, but this poolhost speaks 2.3"));
    EXPECT_THAT(checked.error().message, HasSubstr("rebuild the plugin"));
}

TEST(Abi, RefusesWhatIsNewerAndNamesBothRemedies) {
    for (const base::AbiVersion plugin : {base::AbiVersion{2, 4}, base::AbiVersion{3, 0}}) {
        const auto checked = base::check_abi(plugin, {2, 3});
        ASSERT_FALSE(checked);
        EXPECT_THAT(checked.error().message, StartsWith("too new"));
        EXPECT_THAT(checked.error().message, HasSubstr("update poolhost, or rebuild the plugin"));
    }
}

TEST(Abi, RefusesTextThatIsNoVersion) {
    for (const char* text : {"", "1", "1.", ".1", "1.0.0", "1.0 ", "-1.0", "1.65536", "one.zero", "1,0"})
        EXPECT_FALSE(parse_abi(text)) << text;
    EXPECT_EQ(parse_abi("12.34").value(), (base::AbiVersion{12, 34}));
}

}  // namespace
}  // namespace poolhost::catalog
