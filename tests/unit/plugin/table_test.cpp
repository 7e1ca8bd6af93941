// SPDX-License-Identifier: Apache-2.0
#include "plugin/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace poolhost::plugin {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::int32_t run(const poolhost_call_v1*) { return POOLHOST_OK; }

// A sound table of two tasks, to be damaged.
class Table : public testing::Test {
protected:
    [[nodiscard]] std::string complaint() const {
        const auto checked = check_table(&table_);
        return checked ? "no complaint" : checked.error().message;
    }

    std::array<poolhost_task_v1, 2> tasks_{{{sizeof(poolhost_task_v1), 0, "first", run, 0},
                                            {sizeof(poolhost_task_v1), POOLHOST_TASK_IDEMPOTENT, "second", run, 5}}};
    poolhost_plugin_table_v1 table_{sizeof(poolhost_plugin_table_v1),
                                    POOLHOST_ABI_MAJOR,
                                    POOLHOST_ABI_MINOR,
                                    "math",
                                    "1.0.0",
                                    0,
                                    2,
                                    tasks_.data(),
                                    nullptr,
                                    nullptr,
                                    nullptr};
};

TEST_F(Table, IsFineWhenSound) { EXPECT_EQ(complaint(), "no complaint"); }

TEST_F(Table, MayHaveNoTask) {
    table_.task_count = 0;
    table_.tasks = nullptr;
    EXPECT_EQ(complaint(), "no complaint");
    EXPECT_THAT(tasks_of(table_), SizeIs(0));
}

TEST_F(Table, ThatIsNullIsRefused) { EXPECT_THAT(check_table(nullptr).error().message, HasSubstr("returned NULL")); }

TEST_F(Table, OfAnotherAbiIsRefusedBeforeAnythingElseIsBelieved) {
    table_.abi_major = POOLHOST_ABI_MAJOR + 1;
    table_.size = 0;
    table_.name = nullptr;
    EXPECT_THAT(complaint(), HasSubstr("too new"));
}

TEST_F(Table, ThatIsTooSmallIsRefused) {
    table_.size = 16;
    EXPECT_THAT(complaint(), HasSubstr("its size is 16"));
}

TEST_F(Table, NeedsAName) {
    for (const char* name : {static_cast<const char*>(nullptr), "", "1st", "with.dot", "with space"}) {
        table_.name = name;
        EXPECT_THAT(complaint(), HasSubstr("is not [A-Za-z_]"));
    }
}

TEST_F(Table, NeedsAVersion) {
    table_.version = nullptr;
    EXPECT_THAT(complaint(), HasSubstr("its version is NULL"));
}

TEST_F(Table, NeedsTheTasksThatItCounts) {
    table_.tasks = nullptr;
    EXPECT_THAT(complaint(), HasSubstr("the array is NULL"));
}

TEST_F(Table, OfAbsurdlyManyTasksIsNotWalked) {
    table_.task_count = 0xffffffff;
    EXPECT_THAT(complaint(), HasSubstr("more than 65536"));
}

TEST_F(Table, NeedsTasksOfOneSize) {
    tasks_[1].size = 0;
    EXPECT_THAT(complaint(), HasSubstr("of different sizes"));
    tasks_[0].size = 8;
    EXPECT_THAT(complaint(), HasSubstr("a task's size is 8"));
    tasks_[0].size = sizeof(poolhost_task_v1) + 1;
    EXPECT_THAT(complaint(), HasSubstr("a task's size is"));
}

TEST_F(Table, NeedsSoundTasks) {
    tasks_[1].run = nullptr;
    EXPECT_THAT(complaint(), HasSubstr("task 'second' has no function"));
    tasks_[1] = tasks_[0];
    EXPECT_THAT(complaint(), HasSubstr("task 'first' stands twice"));
    tasks_[1].name = nullptr;
    EXPECT_THAT(complaint(), HasSubstr("a task's name 'NULL'"));
    tasks_[1].name = "a.b";
    EXPECT_THAT(complaint(), HasSubstr("a task's name 'a.b'"));
    tasks_[0].timeout_ns = -1;
    EXPECT_THAT(complaint(), HasSubstr("the timeout of task 'first' is negative"));
}

TEST(TableOfALaterSdk, IsWalkedWithItsOwnStride) {
    struct LaterTask {
        poolhost_task_v1 known;
        std::uint64_t later;
    };
    const std::array<LaterTask, 2> tasks{
        {{{sizeof(LaterTask), 0, "first", run, 0}, 1}, {{sizeof(LaterTask), 0, "second", run, 0}, 2}}};
    const poolhost_plugin_table_v1 table{
        sizeof table, POOLHOST_ABI_MAJOR, 0, "math", "1.0.0", 0, 2, &tasks[0].known, nullptr, nullptr, nullptr};
    ASSERT_TRUE(check_table(&table));
    ASSERT_THAT(tasks_of(table), SizeIs(2));
    EXPECT_EQ(tasks_of(table)[1], &tasks[1].known);
}

}  // namespace
}  // namespace poolhost::plugin
