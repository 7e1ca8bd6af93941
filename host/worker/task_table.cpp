// SPDX-License-Identifier: Apache-2.0
#include "worker/task_table.hpp"

#include "base/nearest.hpp"
#include "plugin/table.hpp"

#include <algorithm>

namespace poolhost::worker {

void TaskTable::add(const poolhost_plugin_table_v1& plugin, const std::string& build_id, const std::string& file) {
    if (std::ranges::find(plugins_, plugin.name) != plugins_.end()) return;
    plugins_.emplace_back(plugin.name);
    if (!file.empty()) files_.push_back(file);
    for (const poolhost_task_v1* const task : plugin::tasks_of(plugin)) {
        tasks_.emplace(std::string(plugin.name) + "." + task->name, Task{task, build_id});
    }
}

const Task* TaskTable::find(std::string_view name) const {
    const auto found = tasks_.find(name);
    return found == tasks_.end() ? nullptr : &found->second;
}

wire::CallError TaskTable::unknown(std::string_view name) const {
    std::vector<std::string> names;
    for (const auto& [known, task] : tasks_) names.push_back(known);
    auto nearest = base::nearest_name(name, names);
    std::string message = "there is no task '" + std::string(name) + "'";
    if (nearest) message += "; did you mean '" + *nearest + "'?";
    return {.message = std::move(message),
            .details = wire::UnknownTask{.nearest = std::move(nearest), .loaded = plugins_, .searched = files_}};
}

wire::Ready TaskTable::describe() const {
    wire::Ready ready;
    for (const auto& [name, task] : tasks_) {
        const poolhost_task_v1& definition = *task.definition;
        const bool idempotent = (definition.flags & POOLHOST_TASK_IDEMPOTENT) != 0;
        ready.tasks.push_back({name, task.build_id, idempotent, definition.timeout_ns});
    }
    return ready;
}

}  // namespace poolhost::worker
