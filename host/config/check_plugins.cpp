// SPDX-License-Identifier: Apache-2.0
#include "catalog/catalog.hpp"
#include "catalog/lookup.hpp"
#include "config/checks.hpp"

namespace poolhost::config {
namespace {

// The catalog's errors end with a remedy after "; ", except where they end with what was searched.
void report_error(Reading& reading, const std::string& path, const base::Error& error, std::string_view remedy) {
    const auto cut = error.message.rfind("; ");
    const bool has_remedy = cut != std::string::npos && error.message.compare(cut, 8, "; looked") != 0;
    std::string cause = error.message.substr(0, has_remedy ? cut : std::string::npos);
    for (auto at = cause.find("; "); at != std::string::npos; at = cause.find("; ")) cause[at] = ',';
    reading.report_at(path, cause, has_remedy ? error.message.substr(cut + 2) : std::string(remedy));
}

/// One pool while its plugins and calls are looked up.
class PoolCheck {
public:
    PoolCheck(Reading& reading, PoolConfig& pool)
        : reading_(reading),
          pool_(pool),
          path_("pools." + pool.name),
          faulty_before_(reading.is_faulty(path_ + ".plugins")) {}

    void find_plugins(const std::vector<std::filesystem::path>& folders) {
        for (std::size_t i = 0; i < pool_.plugins.size(); ++i) {
            if (!pool_.plugins[i].name_or_path.empty()) {
                find_plugin(pool_.plugins[i], path_ + ".plugins[" + std::to_string(i) + "]", folders);
            }
        }
        faulty_before_ = reading_.is_faulty(path_ + ".plugins");
    }

    void check_calls(const std::vector<CallSpec>& calls, const std::string& path) {
        const bool is_list = reading_.origin.places.contains(path + "[0]");
        for (std::size_t i = 0; i < calls.size(); ++i) {
            if (!calls[i].task.empty()) check_call(calls[i], is_list ? path + "[" + std::to_string(i) + "]" : path);
        }
    }

    void check_preload_survives_fork(const std::vector<CallSpec>& calls) {
        for (const CallSpec& call : calls) {
            const auto* const plugin = catalog_.find_plugin(call.task.substr(0, call.task.find('.')));
            if (!plugin || plugin->not_fork_safe.empty() || pool_.start_method != StartMethod::forkserver) continue;
            reading_.report_at(path_ + ".preload",
                               "the plugin '" + plugin->name + "' must not cross a fork (" + plugin->not_fork_safe +
                                   "), so nothing of it can be preloaded",
                               "write start_method: spawn, or make it an initializer");
        }
    }

private:
    void find_plugin(PluginUse& plugin, const std::string& path, const std::vector<std::filesystem::path>& folders) {
        const auto file = catalog::find_plugin(plugin.name_or_path, folders, reading_.origin.file.parent_path());
        if (!file) return report_error(reading_, path, file.error(), "build it, or name its folder in plugin_path");
        const auto manifest = catalog_.add(*file);
        if (!manifest) return report_error(reading_, path, manifest.error(), "name another file, or build it anew");
        plugin.file = reading_.absolute(*file);
        check_fork(**manifest, path);
    }

    void check_fork(const catalog::Manifest& plugin, const std::string& path) {
        if (plugin.not_fork_safe.empty() || pool_.start_method != StartMethod::fork) return;
        reading_.report_at(path, "the plugin '" + plugin.name + "' must not cross a fork: " + plugin.not_fork_safe,
                           "write start_method: spawn for this pool");
    }

    void check_call(const CallSpec& call, const std::string& path) {
        const auto* const task = catalog_.find_task(call.task);
        if (!task) return report_unknown(call.task, path + ".task");
        const auto arguments = reading_.calls.find(path);
        if (reading_.is_faulty(path + ".args")) return;
        if (arguments != reading_.calls.end()) {
            check_arguments(Value{&reading_, arguments->second, path + ".args"}, *task);
        } else if (task->signature.required_count() != 0) {
            reading_.report_at(path + ".args",
                               "the task '" + call.task + "' takes " + task->signature_text + ", and nothing is given",
                               "write its arguments, as in args: […]");
        }
    }

    void report_unknown(const std::string& task, const std::string& path) {
        // A plugin that was not found takes its tasks with it: one fault is enough.
        if (faulty_before_ && !catalog_.find_plugin(task.substr(0, task.find('.')))) return;
        const auto nearest = catalog_.nearest_task(task);
        reading_.report_at(path, "no plugin of this pool has a task '" + task + "'",
                           nearest ? "did you mean '" + *nearest + "'?" : "'poolhost inspect PLUGIN' lists its tasks");
    }

    Reading& reading_;
    PoolConfig& pool_;
    std::string path_;
    bool faulty_before_;
    catalog::Catalog catalog_;
};

}  // namespace

void check_plugins(Reading& reading, PoolConfig& pool, const std::vector<std::filesystem::path>& folders) {
    PoolCheck check(reading, pool);
    const std::string path = "pools." + pool.name;
    check.find_plugins(folders);
    check.check_preload_survives_fork(pool.preload);
    check.check_calls(pool.preload, path + ".preload");
    check.check_calls(pool.initializer, path + ".initializer");
}

}  // namespace poolhost::config
