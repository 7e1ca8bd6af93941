// SPDX-License-Identifier: Apache-2.0
#include "worker/task_table.hpp"

#include "worker/built_in.hpp"

#include <gmock/gmock.h>

namespace poolhost::worker {
namespace {

using testing::ElementsAre;

TaskTable with_built_ins() {
    TaskTable table;
    table.add(built_in_plugin(), "", "");
    return table;
}

TEST(TaskTable, HasTheBuiltInTasks) {
    std::vector<std::string> names;
    for (const auto& task : with_built_ins().describe().tasks) {
        names.push_back(task.name);
        EXPECT_TRUE(task.idempotent);
    }
    EXPECT_THAT(names, ElementsAre("poolhost.echo", "poolhost.ping", "poolhost.start_method", "poolhost.worker_info"));
}

TEST(TaskTable, FindsQualifiedNamesOnly) {
    const auto table = with_built_ins();
    ASSERT_NE(table.find("poolhost.ping"), nullptr);
    EXPECT_STREQ(table.find("poolhost.ping")->definition->name, "ping");
    EXPECT_EQ(table.find("ping"), nullptr);
    EXPECT_EQ(table.find(""), nullptr);
}

TEST(TaskTable, NamesWhatWasProbablyMeant) {
    const auto error = with_built_ins().unknown("poolhost.pong");
    EXPECT_EQ(error.message, "there is no task 'poolhost.pong'; did you mean 'poolhost.ping'?");
    const auto& details = std::get<wire::UnknownTask>(error.details);
    EXPECT_EQ(details.nearest, "poolhost.ping");
    EXPECT_THAT(details.loaded, ElementsAre("poolhost"));
    EXPECT_EQ(with_built_ins().unknown("image.thumbnail").message, "there is no task 'image.thumbnail'");
}

}  // namespace
}  // namespace poolhost::worker
