// SPDX-License-Identifier: Apache-2.0
#include "cli/replay_plan.hpp"

#include "base/name.hpp"
#include "catalog/manifest.hpp"
#include "catalog/needed_libraries.hpp"
#include "cli/host_choice.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>

namespace poolhost::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view preload = "LD_PRELOAD";

std::string plugin_of(std::string_view task) { return std::string(task.substr(0, task.find('.'))); }

std::string build_text(const std::string& id) { return id.empty() ? "none" : id; }

// A path is taken as it is; --plugin alone may be a name.
base::Result<fs::path> existing(const wire::PluginFile& plugin) {
    std::error_code unreadable;
    if (fs::is_regular_file(plugin.path, unreadable)) return fs::path(plugin.path);
    return base::Error{"the plugin " + plugin.path + " is not there any more; name a build of it with --plugin FILE"};
}

base::Result<fs::path> substitute(const std::string& name_or_path, const std::string& wanted) {
    const auto found = plugin_file(name_or_path);
    if (!found) return found.error();
    const auto manifest = catalog::read_manifest(*found);
    if (!manifest) return manifest.error();
    if (manifest->name == wanted) return fs::absolute(*found);
    return base::Error{found->string() + " is the plugin '" + manifest->name + "', and the capsule's task is one of '" +
                       wanted + "'"};
}

void note_other_build(const wire::PluginFile& was, const fs::path& file, std::vector<std::string>& notes) {
    const auto manifest = catalog::read_manifest(file);
    if (!manifest || manifest->build_id == was.build_id) return;
    notes.push_back(file.string() + " has build id " + build_text(manifest->build_id) +
                    ", but the capsule was written with " + build_text(was.build_id) +
                    ": the call may end otherwise than it did");
}

config::Limits limits_of(const wire::ResourceLimits& limits) {
    const auto bytes = [](const auto& count) { return count ? std::optional(base::Bytes{*count}) : std::nullopt; };
    config::Limits made;
    made.memory = bytes(limits.memory);
    if (limits.cpu_seconds) made.cpu_seconds = std::chrono::seconds(static_cast<std::int64_t>(*limits.cpu_seconds));
    made.open_files = limits.open_files;
    made.stack = bytes(limits.stack);
    made.core = bytes(limits.core);
    return made;
}

std::vector<config::CallSpec> calls_of(const std::vector<wire::StartTask>& tasks) {
    std::vector<config::CallSpec> calls;
    for (const wire::StartTask& task : tasks) calls.push_back({task.task, task.arguments});
    return calls;
}

config::CpuAffinity affinity_of(const std::vector<std::int32_t>& cpus) {
    config::CpuAffinity affinity;
    if (cpus.empty()) return affinity;
    affinity.kind = config::CpuAffinity::Kind::list;
    affinity.cpus.assign(cpus.begin(), cpus.end());
    return affinity;
}

config::PoolConfig pool_of(const wire::Capsule& capsule) {
    const wire::WorkerDescription& worker = capsule.worker;
    config::PoolConfig pool;
    // It is printed; and what is printed shall not obey a forged file.
    pool.name = base::is_valid_name(worker.pool) ? worker.pool : "replay";
    pool.start_method = base::start_method_named(worker.start_method).value_or(base::default_start_method);
    pool.processes = {.min = 1, .max = 1, .automatic = false};
    pool.preload = calls_of(worker.preload);
    pool.initializer = calls_of(worker.initializer);
    if (capsule.cause == "timeout" && capsule.timeout_ns > 0) pool.timeout = base::Duration(capsule.timeout_ns);
    pool.quarantine = 0;
    for (const auto& [name, value] : worker.environment) pool.env.push_back({name, {value}, false});
    if (!worker.working_directory.empty()) pool.working_directory = worker.working_directory;
    pool.nice = worker.nice;
    pool.cpu_affinity = affinity_of(worker.cpu_affinity);
    pool.limits = limits_of(worker.limits);
    pool.spin = base::Duration(worker.spin_ns);
    return pool;
}

base::Result<void> add_plugins(const wire::Capsule& capsule, const std::optional<std::string>& substituted,
                               config::PoolConfig& pool, std::vector<std::string>& notes) {
    const std::string wanted = plugin_of(capsule.task);
    bool replaced = false;
    for (const wire::PluginFile& plugin : capsule.worker.plugins) {
        const bool replace = substituted && plugin.name == wanted;
        const auto file = replace ? substitute(*substituted, wanted) : existing(plugin);
        if (!file) return file.error();
        note_other_build(plugin, *file, notes);
        pool.plugins.push_back({file->string(), *file});
        replaced = replaced || replace;
    }
    if (!substituted || replaced) return {};
    return base::Error{"--plugin: the capsule's task, " + capsule.task + ", is in none of its pool's plugins"};
}

void set(config::PoolConfig& pool, const std::string& name, const std::string& value) {
    std::erase_if(pool.env, [&](const config::EnvEntry& entry) { return entry.name == name; });
    pool.env.push_back({name, {value}, false});
}

std::string get(const config::PoolConfig& pool, const std::string& name) {
    const auto own = std::ranges::find(pool.env, name, &config::EnvEntry::name);
    if (own != pool.env.end()) return own->values.front();
    const char* const inherited = std::getenv(name.c_str());
    return inherited != nullptr ? inherited : "";
}

void prepare_for(const Sanitizer& sanitizer, ReplayPlan& plan) {
    config::PoolConfig& pool = plan.pool.config;
    const std::string loaded = get(pool, std::string(preload));
    const std::string options = get(pool, sanitizer.options_env);
    set(pool, std::string(preload), sanitizer.library + (loaded.empty() ? "" : ":" + loaded));
    set(pool, sanitizer.options_env, sanitizer.options + (options.empty() ? "" : ":" + options));
    pool.start_method = base::StartMethod::spawn;
    plan.notes.push_back("the plugin was built with a sanitizer: the worker is spawned with " + sanitizer.library +
                         " preloaded");
    if (!pool.limits.memory) return;
    pool.limits.memory.reset();
    plan.notes.emplace_back("limits.memory is not set, since a sanitizer reserves terabytes");
}

}  // namespace

std::optional<Sanitizer> sanitizer_of(const std::vector<std::string>& needed_libraries) {
    // So that what it finds ends the worker by a signal, with a stack, and crashes are its own to explain.
    const std::string options = "abort_on_error=1:handle_segv=2:handle_sigbus=2:handle_sigfpe=2:handle_sigill=2";
    for (const std::string& library : needed_libraries) {
        if (library.starts_with("libasan.so") || library.starts_with("libclang_rt.asan")) {
            return Sanitizer{library, "ASAN_OPTIONS", options + ":detect_leaks=0"};
        }
        if (library.starts_with("libtsan.so") || library.starts_with("libclang_rt.tsan")) {
            return Sanitizer{library, "TSAN_OPTIONS", options};
        }
    }
    return std::nullopt;
}

base::Result<ReplayPlan> plan_replay(const wire::Capsule& capsule, const std::optional<std::string>& plugin) {
    ReplayPlan plan;
    config::HostConfig config;
    config::PoolConfig pool = pool_of(capsule);
    if (auto added = add_plugins(capsule, plugin, pool, plan.notes); !added) return added.error();
    config.pools.push_back(std::move(pool));
    auto planned = plan_configuration(std::move(config));
    if (!planned) return planned.error();
    plan.pool = std::move(planned->pools.front());
    for (const config::PluginUse& use : plan.pool.config.plugins) {
        const auto needed = catalog::needed_libraries(use.file);
        if (needed && !plan.sanitizer) plan.sanitizer = sanitizer_of(*needed);
    }
    if (const auto task = find_task(plan.pool, capsule.task); !task) return base::Error{task.error().message};
    if (plan.sanitizer) prepare_for(*plan.sanitizer, plan);
    return plan;
}

}  // namespace poolhost::cli
