// SPDX-License-Identifier: Apache-2.0
// The tasks of a worker by name: those of its plugins and those built in.
#pragma once

#include "wire/call_error.hpp"
#include "wire/records.hpp"

#include <poolhost/plugin.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::worker {

struct Task {
    const poolhost_task_v1* definition;
    std::string build_id;  // of its plugin; empty for what is built in
};

class TaskTable {
public:
    /// The tasks of a checked table. The same plugin again changes nothing.
    void add(const poolhost_plugin_table_v1& plugin, const std::string& build_id, const std::string& file);

    /// nullptr where there is none of that qualified name. Valid as long as the table.
    [[nodiscard]] const Task* find(std::string_view name) const;
    [[nodiscard]] wire::CallError unknown(std::string_view name) const;
    [[nodiscard]] wire::Ready describe() const;

private:
    std::map<std::string, Task, std::less<>> tasks_;
    std::vector<std::string> plugins_;
    std::vector<std::string> files_;
};

}  // namespace poolhost::worker
