// SPDX-License-Identifier: Apache-2.0
// A plugin's library in this process, its table checked.
#pragma once

#include "base/error.hpp"

#include <poolhost/plugin.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::plugin {

/// Never unloaded: threads, atexit handlers and thread-local destructors of the library may run until the process ends,
/// and everything below points into it. So a LoadedPlugin may be copied and dropped freely.
class LoadedPlugin {
public:
    /// Loads with RTLD_NOW and RTLD_LOCAL, which runs the library's static constructors, and asks for its table. On the
    /// main thread. The error says path, cause and remedy. After an error the library, or half of it, may still be
    /// there: the process should say why and end.
    static base::Result<LoadedPlugin> load(const std::filesystem::path& file);

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] std::string_view name() const { return table_->name; }
    [[nodiscard]] std::string_view version() const { return table_->version; }
    [[nodiscard]] bool is_fork_safe() const { return (table_->flags & POOLHOST_PLUGIN_NOT_FORK_SAFE) == 0; }
    /// The hooks are NULL where the plugin has none.
    [[nodiscard]] const poolhost_plugin_table_v1& table() const { return *table_; }
    [[nodiscard]] const std::vector<const poolhost_task_v1*>& tasks() const { return tasks_; }
    /// By its unqualified name; nullptr where there is none.
    [[nodiscard]] const poolhost_task_v1* find_task(std::string_view name) const;

private:
    LoadedPlugin(std::filesystem::path file, const poolhost_plugin_table_v1* table);

    std::filesystem::path file_;
    const poolhost_plugin_table_v1* table_;
    std::vector<const poolhost_task_v1*> tasks_;
};

}  // namespace poolhost::plugin
