// SPDX-License-Identifier: Apache-2.0
#include "cli/map_window.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace poolhost::cli {
namespace {

using testing::ElementsAre;

WindowItem item(std::uint64_t index, std::size_t bytes = 0) { return {index, {}, bytes, pool::CallId{index + 1000}}; }

/// Puts an item's line where a map would put it.
void finish(Window& window, Slot slot, std::string& out) {
    const std::string line = std::to_string(window.item(slot).index) + "\n";
    if (window.next_in_turn(slot)) {
        out += line;
        window.written(slot);
        window.append_ready(out);
        return;
    }
    window.line(slot) += line;
    window.waits(slot);
}

std::string numbers(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += std::to_string(i) + "\n";
    return text;
}

TEST(MapWindow, GivesLinesInTheOrderOfTheInput) {
    Window window(Order::as_input, 8);
    std::string out;
    const Slot first = window.add(item(0));
    const Slot second = window.add(item(1));
    const Slot third = window.add(item(2));
    finish(window, third, out);
    finish(window, second, out);
    EXPECT_EQ(out, "");
    EXPECT_EQ(window.waiting_bytes(), 4U);
    finish(window, first, out);
    EXPECT_EQ(out, "0\n1\n2\n");
    EXPECT_TRUE(window.empty());
    EXPECT_EQ(window.waiting_bytes(), 0U);
}

TEST(MapWindow, GivesLinesAsTheyFinish) {
    Window window(Order::as_finished, 8);
    std::string out;
    const Slot first = window.add(item(0));
    const Slot second = window.add(item(1));
    finish(window, second, out);
    finish(window, first, out);
    EXPECT_EQ(out, "1\n0\n");
    EXPECT_TRUE(window.empty());
}

TEST(MapWindow, KeepsTheOrderWhateverFinishesFirst) {
    constexpr std::size_t count = 20'000;
    std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same every time
    Window window(Order::as_input, 64);
    std::string out;
    std::vector<Slot> running;
    std::size_t added = 0;
    while (added < count || !running.empty()) {
        if (added < count && !window.full() && random() % 3 != 0) {
            running.push_back(window.add(item(added++)));
        } else if (!running.empty()) {
            std::swap(running[random() % running.size()], running.back());
            finish(window, running.back(), out);
            running.pop_back();
        }
    }
    EXPECT_EQ(out, numbers(count));
    EXPECT_TRUE(window.empty());
}

TEST(MapWindow, IsFullWhileTheOldestItemRuns) {
    Window window(Order::as_input, 4);
    std::string out;
    std::vector<Slot> slots;
    for (std::uint64_t i = 0; i < 4; ++i) {
        EXPECT_FALSE(window.full());
        slots.push_back(window.add(item(i)));
    }
    for (std::size_t i = 1; i < 4; ++i) finish(window, slots[i], out);
    EXPECT_TRUE(window.full());
    finish(window, slots[0], out);
    EXPECT_FALSE(window.full());
    EXPECT_EQ(out, numbers(4));
}

TEST(MapWindow, OneSlowItemHoldsNobodyUpWithoutAnOrder) {
    Window window(Order::as_finished, 2);
    std::string out;
    window.add(item(0));
    for (std::uint64_t i = 1; i < 100; ++i) {
        ASSERT_FALSE(window.full());
        const Slot slot = window.add(item(i));
        EXPECT_TRUE(window.full());
        finish(window, slot, out);
    }
    EXPECT_EQ(window.running(), 1U);
}

TEST(MapWindow, GivesUpWhatIsFinishedPastWhatRuns) {
    Window window(Order::as_input, 8);
    std::string out;
    std::vector<Slot> slots;
    for (std::uint64_t i = 0; i < 5; ++i) slots.push_back(window.add(item(i)));
    for (const std::size_t i : {4U, 1U, 3U}) finish(window, slots[i], out);
    window.append_all_waiting(out);
    EXPECT_EQ(out, "1\n3\n4\n");
}

TEST(MapWindow, NamesTheRunningCallsFromAnItemOn) {
    Window window(Order::as_input, 8);
    std::string out;
    std::vector<Slot> slots;
    for (std::uint64_t i = 0; i < 12; ++i) {
        slots.push_back(window.add(item(i)));
        if (i < 6) finish(window, slots.back(), out);
    }
    finish(window, slots[9], out);
    EXPECT_THAT(window.running_from(8), ElementsAre(pool::CallId{1008}, pool::CallId{1010}, pool::CallId{1011}));
}

TEST(MapWindow, CountsTheBytesOfRunningItems) {
    Window window(Order::as_input, 8);
    std::string out;
    const Slot slot = window.add(item(0, 500));
    window.add(item(1, 70));
    EXPECT_EQ(window.running_bytes(), 570U);
    finish(window, slot, out);
    EXPECT_EQ(window.running_bytes(), 70U);
}

TEST(MapBudget, KeepsEveryWorkerBusyHoweverLargeTheItems) {
    const Budget budget;
    EXPECT_TRUE(budget.allows_one_more({1, Budget::most_bytes * 4, 0, 0, 2}));
    EXPECT_FALSE(budget.allows_one_more({2, Budget::most_bytes * 4, 0, 0, 2}));
}

TEST(MapBudget, StopsWhenNobodyReadsTheOutput) {
    const Budget budget;
    EXPECT_FALSE(budget.allows_one_more({0, 0, 0, Budget::most_unwritten, 2}));
}

TEST(MapBudget, StopsWhenTooMuchWaitsForASlowItem) {
    const Budget budget;
    EXPECT_FALSE(budget.allows_one_more({1, 0, Budget::most_bytes, 0, 2}));
}

TEST(MapBudget, AllowsManySmallItemsAndFewLargeOnes) {
    Budget small;
    Budget large;
    for (std::size_t i = 0; i < Budget::most_running; ++i) {
        small.learn(20);
        large.learn(10'000'000);
    }
    EXPECT_TRUE(small.allows_one_more({Budget::most_running - 1, 100'000, 0, 0, 2}));
    EXPECT_FALSE(small.allows_one_more({Budget::most_running, 100'000, 0, 0, 2}));
    EXPECT_TRUE(large.allows_one_more({3, 0, 0, 0, 2}));
    EXPECT_FALSE(large.allows_one_more({4, 0, 0, 0, 2}));
}

TEST(MapBudget, StartsSlowlySinceNobodyKnowsTheResults) {
    Budget budget;
    EXPECT_TRUE(budget.allows_one_more({7, 0, 0, 0, 2}));
    EXPECT_FALSE(budget.allows_one_more({8, 0, 0, 0, 2}));
    for (int i = 0; i < 100; ++i) budget.learn(20);
    EXPECT_TRUE(budget.allows_one_more({107, 0, 0, 0, 2}));
    EXPECT_FALSE(budget.allows_one_more({108, 0, 0, 0, 2}));
}

}  // namespace
}  // namespace poolhost::cli
