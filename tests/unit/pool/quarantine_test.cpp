// SPDX-License-Identifier: Apache-2.0
#include "pool/quarantine.hpp"

#include <gtest/gtest.h>

namespace poolhost::pool {
namespace {

using namespace std::chrono_literals;

InputIdentity input(std::uint64_t digest, const std::string& build = "b1") {
    return {{TaskId{1}, 10}, build, {digest, 0}};
}

const base::TimePoint start = base::Clock::now();

TEST(Quarantine, HoldsWhatKilledOftenEnough) {
    Quarantine quarantine(2);
    quarantine.add(input(7), start);
    EXPECT_FALSE(quarantine.holds(input(7), start));
    EXPECT_FALSE(quarantine.may_hold(input(7).outline));
    quarantine.add(input(7), start);
    EXPECT_TRUE(quarantine.holds(input(7), start));
    EXPECT_TRUE(quarantine.may_hold(input(7).outline));
}

TEST(Quarantine, TellsInputsTasksSizesAndBuildsApart) {
    Quarantine quarantine(1);
    quarantine.add(input(7), start);
    EXPECT_FALSE(quarantine.holds(input(8), start));
    EXPECT_FALSE(quarantine.holds(input(7, "b2"), start)) << "a new build is another input";
    EXPECT_FALSE(quarantine.may_hold({TaskId{2}, 10}));
    EXPECT_FALSE(quarantine.may_hold({TaskId{1}, 11}));
}

TEST(Quarantine, ForgetsAfterTenMinutesWithoutADeath) {
    Quarantine quarantine(2);
    quarantine.add(input(7), start);
    quarantine.add(input(7), start + 9min);
    EXPECT_TRUE(quarantine.holds(input(7), start + 18min));
    EXPECT_FALSE(quarantine.holds(input(7), start + 20min));
    quarantine.add(input(7), start + 20min);
    EXPECT_FALSE(quarantine.holds(input(7), start + 20min)) << "it begins anew";
}

TEST(Quarantine, IsBounded) {
    Quarantine quarantine(1);
    for (std::uint64_t i = 0; i < 5000; ++i) quarantine.add(input(i), start);
    EXPECT_FALSE(quarantine.holds(input(0), start));
    EXPECT_TRUE(quarantine.holds(input(4999), start));
}

TEST(Quarantine, ZeroHoldsNothing) {
    Quarantine quarantine(0);
    for (int i = 0; i < 10; ++i) quarantine.add(input(7), start);
    EXPECT_FALSE(quarantine.may_hold(input(7).outline));
    EXPECT_FALSE(quarantine.holds(input(7), start));
}

TEST(Quarantine, KnowsTheNewestCapsules) {
    Quarantine quarantine(1);
    quarantine.add_capsule(input(7), "of nothing known");
    quarantine.add(input(7), start);
    for (int i = 0; i < 20; ++i) quarantine.add_capsule(input(7), std::to_string(i));
    EXPECT_EQ(quarantine.capsules_of(input(7)).size(), 10U);
    EXPECT_EQ(quarantine.capsules_of(input(7)).back(), "19");
    EXPECT_TRUE(quarantine.capsules_of(input(8)).empty());
}

}  // namespace
}  // namespace poolhost::pool
