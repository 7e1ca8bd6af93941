// SPDX-License-Identifier: Apache-2.0
// The plugins that a worker or a template has loaded, and its tasks by qualified name.
#pragma once

#include "base/error.hpp"
#include "plugin/loaded_plugin.hpp"

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::plugin {

struct RegisteredTask {
    const poolhost_task_v1* task;
    const LoadedPlugin* plugin;
};

/// Pointers that it hands out are valid as long as the registry.
class Registry {
public:
    /// Loads a plugin and registers its tasks as "plugin.task". The same file again is no fault. Errors as in
    /// LoadedPlugin::load(), and where another file has the same plugin name.
    base::Result<const LoadedPlugin*> load(const std::filesystem::path& file);

    [[nodiscard]] std::optional<RegisteredTask> find(std::string_view qualified_name) const;
    /// In the order of loading, which is the order in which on_preload and on_start hooks run (on_stop: the reverse).
    [[nodiscard]] const std::deque<LoadedPlugin>& plugins() const { return plugins_; }
    /// Qualified and sorted.
    [[nodiscard]] std::vector<std::string> task_names() const;

private:
    std::deque<LoadedPlugin> plugins_;  // a deque keeps addresses
    std::map<std::string, RegisteredTask, std::less<>> tasks_;
};

}  // namespace poolhost::plugin
