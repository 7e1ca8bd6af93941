// SPDX-License-Identifier: Apache-2.0
// What happens again and again is said once, and then how often.
#include "pool/repetitions.hpp"

#include <gtest/gtest.h>

namespace poolhost::pool {
namespace {

TEST(Repetitions, SayEachTextOnce) {
    Repetitions repetitions;
    EXPECT_EQ(repetitions.happened("a"), "a");
    EXPECT_EQ(repetitions.happened("b"), "b");
    EXPECT_EQ(repetitions.happened("a"), std::nullopt);
    EXPECT_EQ(repetitions.happened("b"), std::nullopt);
}

TEST(Repetitions, CountInPowersOfTen) {
    Repetitions repetitions;
    int said = 0;
    for (int i = 1; i <= 1000; ++i) {
        const auto text = repetitions.happened("a");
        said += text ? 1 : 0;
        if (i == 100) {
            EXPECT_EQ(text, "a (100 times by now)");
        }
    }
    EXPECT_EQ(said, 4) << "at the 1st, 10th, 100th and 1000th time";
}

TEST(Repetitions, TellTheCountInTheEndAndBeginAnew) {
    Repetitions repetitions;
    EXPECT_EQ(repetitions.over(), "");
    for (int i = 0; i < 7; ++i) repetitions.happened("a");
    EXPECT_EQ(repetitions.over(), "; it happened 7 times");
    EXPECT_EQ(repetitions.happened("a"), "a");
    EXPECT_EQ(repetitions.over(), "");
}

TEST(Repetitions, RememberABoundedNumberOfTexts) {
    Repetitions repetitions;
    for (int i = 0; i < 100'000; ++i) EXPECT_TRUE(repetitions.happened(std::to_string(i)));
    EXPECT_EQ(repetitions.happened("99999"), std::nullopt);
}

}  // namespace
}  // namespace poolhost::pool
