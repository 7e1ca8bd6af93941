// SPDX-License-Identifier: Apache-2.0
#include "config/units.hpp"

#include <gtest/gtest.h>

namespace poolhost::config {
namespace {

using namespace std::chrono_literals;

TEST(Durations, HaveUnits) {
    EXPECT_EQ(*parse_duration("500ms"), 500ms);
    EXPECT_EQ(*parse_duration("30s"), 30s);
    EXPECT_EQ(*parse_duration("5m"), 5min);
    EXPECT_EQ(*parse_duration("1h"), 1h);
    EXPECT_EQ(*parse_duration("50us"), 50us);
    EXPECT_EQ(*parse_duration("0"), 0s);
}

TEST(Durations, MayHaveSeveralPartsOrAFraction) {
    EXPECT_EQ(*parse_duration("1h30m"), 90min);
    EXPECT_EQ(*parse_duration("1m30s250ms"), 90s + 250ms);
    EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
    EXPECT_EQ(*parse_duration("0.000001s"), 1us);
}

TEST(Durations, RefuseEverythingElse) {
    for (const auto* text :
         {"",    "s",    "30",   "-1s",  "+1s",     " 1s", "1s ", "1 s",   "1S",     "1.s",
          ".5s", "1e3s", "1s1s", "1s1m", "1.5h30m", "1d",  "1ns", "0.1us", "87601h", "99999999999999999999s",
          "1sx", "none"}) {
        EXPECT_FALSE(parse_duration(text).has_value()) << text;
    }
}

TEST(Durations, ArePrintedAsTheyAreRead) {
    for (const auto* text : {"0s", "1us", "999us", "1ms", "1500ms", "90s", "90m", "25h", "87600h"}) {
        EXPECT_EQ(to_text(*parse_duration(text)), text);
    }
}

TEST(Sizes, HaveBinaryUnits) {
    EXPECT_EQ(*parse_size("64KiB"), base::kibibytes(64));
    EXPECT_EQ(*parse_size("512MiB"), base::mebibytes(512));
    EXPECT_EQ(*parse_size("2GiB"), base::gibibytes(2));
    EXPECT_EQ(*parse_size("1TiB"), base::gibibytes(1024));
    EXPECT_EQ(*parse_size("7B"), Bytes{7});
    EXPECT_EQ(*parse_size("0"), Bytes{0});
}

TEST(Sizes, RefuseEverythingElse) {
    for (const auto* text : {"", "KiB", "64", "-1KiB", "1.5GiB", "1 KiB", "1kb", "1KB", "1K", "8388608TiB",
                             "18446744073709551617B", "1KiB1B"}) {
        EXPECT_FALSE(parse_size(text).has_value()) << text;
    }
}

TEST(Sizes, ArePrintedAsTheyAreRead) {
    for (const auto* text : {"0B", "1B", "1000B", "1KiB", "1536MiB", "4GiB", "8388607TiB"}) {
        EXPECT_EQ(to_text(*parse_size(text)), text);
    }
}

}  // namespace
}  // namespace poolhost::config
