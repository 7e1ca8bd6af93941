// SPDX-License-Identifier: Apache-2.0
#include "cli/map_progress.hpp"

#include <gmock/gmock.h>

namespace poolhost::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

ProgressNumbers some() {
    ProgressNumbers numbers;
    numbers.done = 1200;
    numbers.failed = 2;
    numbers.total = 20'000;
    numbers.rate = 4100;
    numbers.waits_for = WaitsFor::workers;
    return numbers;
}

TEST(MapProgress, SaysEverythingOnOneLine) {
    EXPECT_EQ(line_text(some()), "1200/20000 6% 4.10k/s, 2 failed, 4.6 s left, waits for workers");
}

TEST(MapProgress, DrawsABarWithinItsWidth) {
    EXPECT_EQ(bar_text(some(), 100),
              "1200/20000 [==>                                ] 6% 4.10k/s, 2 failed, 4.6 s left, waits for workers");
    EXPECT_EQ(bar_text(some(), 100).size(), 100U);
    EXPECT_THAT(bar_text(some(), 1000), HasSubstr("[==>                                     ]"));
}

TEST(MapProgress, LeavesTheBarOutWhereThereIsNoRoomForIt) {
    EXPECT_EQ(bar_text(some(), 68), line_text(some()));
    EXPECT_EQ(bar_text(some(), 10), "1200/20000");
}

TEST(MapProgress, IsFullAtTheEndAndNotBefore) {
    ProgressNumbers numbers;
    numbers.done = 999;
    numbers.total = 1000;
    EXPECT_THAT(line_text(numbers), HasSubstr(" 99%"));
    numbers.done = 1000;
    EXPECT_THAT(bar_text(numbers, 80), HasSubstr("[========================================] 100%"));
}

TEST(MapProgress, MarksAnEstimate) {
    ProgressNumbers numbers;
    numbers.done = 10;
    numbers.total = 2000;
    numbers.total_is_estimate = true;
    EXPECT_EQ(line_text(numbers), "10/~2000 0%");
}

TEST(MapProgress, CountsWithoutATotal) {
    ProgressNumbers numbers;
    numbers.done = 1;
    numbers.waits_for = WaitsFor::input;
    EXPECT_EQ(bar_text(numbers, 80), "1 item, waits for input");
    numbers.total = 0;
    EXPECT_THAT(bar_text(numbers, 80), Not(HasSubstr("nan")));
}

TEST(MapProgress, SumsUp) {
    EXPECT_EQ(summary_text(20'000, 3, 2400ms), "20000 items in 2.4 s (8.33k/s), 3 failed");
    EXPECT_EQ(summary_text(1, 0, 500ms), "1 item in 0.50 s (2.0/s)");
    EXPECT_EQ(summary_text(0, 0, 0s), "0 items in 0.00 s");
}

TEST(MapProgress, WritesNumbersShortly) {
    EXPECT_EQ(short_number(0), "0.0");
    EXPECT_EQ(short_number(7.25), "7.2");
    EXPECT_EQ(short_number(850.4), "850");
    EXPECT_EQ(short_number(999.4), "999");
    EXPECT_EQ(short_number(999.6), "1.00k");
    EXPECT_EQ(short_number(12'345), "12.3k");
    EXPECT_EQ(short_number(456'789), "457k");
    EXPECT_EQ(short_number(4'560'000), "4.56M");
    EXPECT_EQ(short_number(7.8e12), "7800G");
}

TEST(MapProgress, WritesDurationsAsPeopleSayThem) {
    EXPECT_EQ(short_duration(350ms), "0.35 s");
    EXPECT_EQ(short_duration(1s), "1.0 s");
    EXPECT_EQ(short_duration(59s), "59 s");
    EXPECT_EQ(short_duration(185s), "3:05 min");
    EXPECT_EQ(short_duration(3720s), "1:02 h");
}

TEST(MapProgress, TheRateIsTheRecentOne) {
    RecentRate rate;
    const base::TimePoint start{};
    EXPECT_FALSE(rate.rate());
    rate.add(start, 0);
    EXPECT_FALSE(rate.rate());
    rate.add(start + 1s, 100);
    EXPECT_DOUBLE_EQ(*rate.rate(), 100);
    for (int second = 2; second <= 20; ++second) {
        rate.add(start + std::chrono::seconds(second), 100U + 10U * static_cast<unsigned>(second - 1));
    }
    EXPECT_DOUBLE_EQ(*rate.rate(), 10);
}

TEST(MapProgress, EstimatesTheTotalFromTheBytesRead) {
    EXPECT_EQ(estimate_total(100, 1000, 10'000), 1000U);
    EXPECT_EQ(estimate_total(100, 1000, 1000), 100U);
    EXPECT_EQ(estimate_total(100, 1000, 500), 100U);  // the file has grown meanwhile
    EXPECT_FALSE(estimate_total(0, 0, 500));
}

}  // namespace
}  // namespace poolhost::cli
