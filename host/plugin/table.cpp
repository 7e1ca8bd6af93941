// SPDX-License-Identifier: Apache-2.0
#include "plugin/table.hpp"

#include <set>
#include <string>

#include "base/abi.hpp"
#include "base/name.hpp"

namespace poolhost::plugin {
namespace {

static_assert(base::host_abi == base::AbiVersion{POOLHOST_ABI_MAJOR, POOLHOST_ABI_MINOR});

constexpr std::uint32_t task_limit = 65536;

base::Error faulty(const std::string& what) {
    return base::Error{"has a faulty plugin table: " + what +
                       "; build it with POOLHOST_PLUGIN, or fill it as plugin.h says"};
}

base::Result<void> check_head(const poolhost_plugin_table_v1& table) {
    if (const auto abi = base::check_abi({table.abi_major, table.abi_minor}); !abi)
        return base::Error{"is a plugin that is " + abi.error().message};
    if (table.size < sizeof(poolhost_plugin_table_v1))
        return faulty("its size is " + std::to_string(table.size) + ", not " +
                      std::to_string(sizeof(poolhost_plugin_table_v1)));
    if (table.name == nullptr || !base::is_valid_name(table.name))
        return faulty("its name '" + std::string(table.name ? table.name : "NULL") + "' is not [A-Za-z_][A-Za-z0-9_]*");
    if (table.version == nullptr) return faulty("its version is NULL");
    return {};
}

// The one size that all tasks have to have; see poolhost_task_v1.size.
base::Result<void> check_stride(const poolhost_plugin_table_v1& table) {
    if (table.task_count == 0) return {};
    if (table.tasks == nullptr) return faulty("it has tasks, but the array is NULL");
    if (table.task_count > task_limit)
        return faulty(std::to_string(table.task_count) + " tasks are more than " + std::to_string(task_limit));
    const std::uint32_t stride = table.tasks->size;
    if (stride < sizeof(poolhost_task_v1) || stride % alignof(poolhost_task_v1) != 0)
        return faulty("a task's size is " + std::to_string(stride) + ", not " +
                      std::to_string(sizeof(poolhost_task_v1)));
    return {};
}

base::Result<void> check_task(const poolhost_task_v1& task, std::uint32_t stride) {
    if (task.size != stride) return faulty("its tasks are of different sizes");
    if (task.name == nullptr || !base::is_valid_name(task.name))
        return faulty("a task's name '" + std::string(task.name ? task.name : "NULL") +
                      "' is not [A-Za-z_][A-Za-z0-9_]*");
    if (task.run == nullptr) return faulty("task '" + std::string(task.name) + "' has no function");
    if (task.timeout_ns < 0) return faulty("the timeout of task '" + std::string(task.name) + "' is negative");
    return {};
}

}  // namespace

base::Result<void> check_table(const poolhost_plugin_table_v1* table) {
    if (table == nullptr)
        return base::Error{"is a plugin whose poolhost_plugin_v1() returned NULL; it has to return its table"};
    if (const auto head = check_head(*table); !head) return head;
    if (const auto stride = check_stride(*table); !stride) return stride;
    std::set<std::string_view> names;
    for (const poolhost_task_v1* const task : tasks_of(*table)) {
        if (const auto checked = check_task(*task, table->tasks->size); !checked) return checked;
        if (!names.insert(task->name).second) return faulty("task '" + std::string(task->name) + "' stands twice");
    }
    return {};
}

std::vector<const poolhost_task_v1*> tasks_of(const poolhost_plugin_table_v1& table) {
    std::vector<const poolhost_task_v1*> tasks;
    const auto* at = reinterpret_cast<const char*>(table.tasks);
    for (std::uint32_t i = 0; i < table.task_count; ++i, at += table.tasks->size)
        tasks.push_back(reinterpret_cast<const poolhost_task_v1*>(at));
    return tasks;
}

}  // namespace poolhost::plugin
