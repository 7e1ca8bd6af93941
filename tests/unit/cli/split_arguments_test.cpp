// SPDX-License-Identifier: Apache-2.0
#include "cli/split_arguments.hpp"

#include <gmock/gmock.h>

namespace poolhost::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<KnownOption> known{{"--json", false}, {"--config", true}, {"-j", true}, {"-0", false}, {"-h", false}};

SplitArguments split(const std::vector<std::string>& words) { return split_arguments(words, known); }

TEST(SplitArguments, OptionsMayStandAnywhere) {
    const auto parts = split({"--config", "x.yaml", "math.square", "--json", "7", "-j", "2"});
    EXPECT_EQ(parts.task, "math.square");
    EXPECT_THAT(parts.args, ElementsAre("7"));
    EXPECT_THAT(parts.options, ElementsAre("--config", "x.yaml", "--json", "-j", "2"));
}

TEST(SplitArguments, NegativeNumbersAreArguments) {
    const auto parts = split({"math.add", "-7", "-.5", "-Infinity", "-1e9", "--json"});
    EXPECT_THAT(parts.args, ElementsAre("-7", "-.5", "-Infinity", "-1e9"));
    EXPECT_THAT(parts.options, ElementsAre("--json"));
}

TEST(SplitArguments, ArraysStayWhole) { EXPECT_THAT(split({"t", "[1,2,3]"}).args, ElementsAre("[1,2,3]")); }

TEST(SplitArguments, NothingBehindTwoDashesIsAnOption) {
    const auto parts = split({"--json", "--", "t", "--config", "--", "-j"});
    EXPECT_EQ(parts.task, "t");
    EXPECT_THAT(parts.args, ElementsAre("--config", "--", "-j"));
    EXPECT_THAT(parts.options, ElementsAre("--json"));
}

TEST(SplitArguments, AValueIsNoArgumentWhateverItLooksLike) {
    const auto parts = split({"t", "--config", "--json"});
    EXPECT_THAT(parts.options, ElementsAre("--config", "--json"));
    EXPECT_THAT(parts.args, IsEmpty());
}

TEST(SplitArguments, ValuesMayBeAttached) {
    const auto parts = split({"-j4", "--config=a b", "t"});
    EXPECT_THAT(parts.options, ElementsAre("-j4", "--config=a b"));
    EXPECT_EQ(parts.task, "t");
}

TEST(SplitArguments, UnknownLongOptionsAreLeftToTheParser) {
    EXPECT_THAT(split({"t", "--jsno"}).options, ElementsAre("--jsno"));
    EXPECT_THAT(split({"-x", "t"}).options, ElementsAre("-x"));
}

TEST(SplitArguments, ALoneDashAndAnEmptyWordAreArguments) {
    EXPECT_THAT(split({"t", "-", ""}).args, ElementsAre("-", ""));
}

TEST(SplitArguments, AFlagWithSomethingBehindItIsAnArgument) {
    EXPECT_THAT(split({"t", "-0.5"}).args, ElementsAre("-0.5"));
}

TEST(SplitArguments, NothingGivesNothing) {
    EXPECT_FALSE(split({}).task);
    EXPECT_FALSE(split({"--"}).task);
}

}  // namespace
}  // namespace poolhost::cli
