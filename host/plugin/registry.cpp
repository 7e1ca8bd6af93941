// SPDX-License-Identifier: Apache-2.0
#include "plugin/registry.hpp"

#include <algorithm>
#include <utility>

namespace poolhost::plugin {
namespace {

constexpr std::string_view built_in_name = "poolhost";

}  // namespace

base::Result<const LoadedPlugin*> Registry::load(const std::filesystem::path& file) {
    auto loaded = LoadedPlugin::load(file);
    if (!loaded) return loaded.error();
    if (loaded->name() == built_in_name)
        return base::Error{loaded->file().string() +
                           ": a plugin cannot be called 'poolhost', the name of the built-in tasks; give it another"};
    const auto taken = std::ranges::find(plugins_, loaded->name(), &LoadedPlugin::name);
    if (taken != plugins_.end() && &taken->table() == &loaded->table()) return &*taken;
    if (taken != plugins_.end())
        return base::Error{"two plugins are called '" + std::string(loaded->name()) + "': " + taken->file().string() +
                           " and " + loaded->file().string() + "; leave one out, or rename it"};

    const LoadedPlugin& plugin = plugins_.emplace_back(std::move(*loaded));
    for (const poolhost_task_v1* const task : plugin.tasks())
        tasks_.emplace(std::string(plugin.name()) + "." + task->name, RegisteredTask{.task = task, .plugin = &plugin});
    return &plugin;
}

std::optional<RegisteredTask> Registry::find(std::string_view qualified_name) const {
    const auto found = tasks_.find(qualified_name);
    return found == tasks_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Registry::task_names() const {
    std::vector<std::string> names;
    for (const auto& [name, task] : tasks_) names.push_back(name);
    return names;
}

}  // namespace poolhost::plugin
