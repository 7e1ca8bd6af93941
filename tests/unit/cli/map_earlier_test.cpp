// SPDX-License-Identifier: Apache-2.0
#include "cli/map_earlier.hpp"

#include <gtest/gtest.h>

namespace poolhost::cli {
namespace {

TEST(MapEarlier, ReadsTheLinesOfAMap) {
    const auto success = read_recorded_line(R"({"index": 7, "value": {"error": 1}})");
    ASSERT_TRUE(success);
    EXPECT_EQ(success->index, 7U);
    EXPECT_FALSE(success->failed);

    const auto failure = read_recorded_line(R"({"index": 8, "item": "a b", "error": {"kind": "task_error"}})");
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->index, 8U);
    EXPECT_TRUE(failure->failed);
    EXPECT_EQ(failure->item_digest, item_digest(R"("a b")"));
}

TEST(MapEarlier, ReadsThemAsOtherProgramsSpellThem) {
    const auto success = read_recorded_line(R"({"value":81,"index":9})");
    ASSERT_TRUE(success);
    EXPECT_EQ(success->index, 9U);
    const auto failure = read_recorded_line(R"({"error":{},"item":[1, 2],"index":3})");
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->item_digest, item_digest("[1,2]"));
}

TEST(MapEarlier, RefusesWhatNoMapWrites) {
    for (const char* line : {"", "81", "{}", R"({"value": 1})", R"({"index": 1})", R"({"index": -1, "value": 1})",
                             R"({"index": 1.5, "value": 1})", R"({"index": "1", "value": 1})", "{\"index\": 1, \"val",
                             R"({"index": 18446744073709551615, "value": 1})"}) {
        EXPECT_FALSE(read_recorded_line(line)) << line;
    }
}

TEST(MapEarlier, KnowsWhatIsDone) {
    EarlierRun run;
    run.add({0, false, {}});
    run.add({5, true, 42});
    EXPECT_TRUE(run.has(0));
    EXPECT_FALSE(run.has(1));
    EXPECT_TRUE(run.has(5));
    EXPECT_TRUE(run.failed(5));
    EXPECT_FALSE(run.failed(0));
    EXPECT_FALSE(run.has(1'000'000));
    EXPECT_EQ(run.count(), 2U);
    EXPECT_EQ(run.failures(), 1U);
    EXPECT_EQ(run.end(), 6U);
    EXPECT_EQ(run.digest(5), 42U);
    EXPECT_FALSE(run.digest(0));
}

TEST(MapEarlier, TheLastLineOfAnItemCounts) {
    EarlierRun run;
    run.add({3, true, {}});
    run.add({3, false, {}});
    EXPECT_EQ(run.count(), 1U);
    EXPECT_EQ(run.failures(), 0U);
    EXPECT_FALSE(run.failed(3));
}

TEST(MapEarlier, RemembersWhatIsToBeRunAgain) {
    EarlierRun run;
    run.expect(4, 99);
    EXPECT_FALSE(run.has(4));
    EXPECT_EQ(run.digest(4), 99U);
}

}  // namespace
}  // namespace poolhost::cli
