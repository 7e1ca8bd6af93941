// SPDX-License-Identifier: Apache-2.0
#include "pool/describe_worker.hpp"

#include <algorithm>

#include <sched.h>

namespace poolhost::pool {
namespace {

// Long enough for a host that answers at once, short beside the cost of a wake-up.
constexpr std::int64_t automatic_spin_ns = 20'000;

std::vector<wire::StartTask> describe_tasks(const std::vector<config::CallSpec>& calls) {
    std::vector<wire::StartTask> tasks;
    for (const config::CallSpec& call : calls) tasks.push_back({call.task, call.arguments});
    return tasks;
}

std::vector<std::int32_t> usable_cpus() {
    std::vector<std::int32_t> cpus;
    cpu_set_t set;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return cpus;
    for (std::int32_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) cpus.push_back(cpu);
    }
    return cpus;
}

std::vector<std::int32_t> describe_affinity(const config::CpuAffinity& affinity, std::int32_t index) {
    switch (affinity.kind) {
        case config::CpuAffinity::Kind::all:
            return {};
        case config::CpuAffinity::Kind::list:
            return {affinity.cpus.begin(), affinity.cpus.end()};
        case config::CpuAffinity::Kind::spread:
            break;
    }
    const auto cpus = usable_cpus();
    if (cpus.empty() || index < 0) return {};
    return {cpus[static_cast<std::size_t>(index) % cpus.size()]};
}

wire::ResourceLimits describe_limits(const config::Limits& limits) {
    const auto count = [](const auto& bytes) {
        return bytes ? std::optional<std::uint64_t>(bytes->count) : std::nullopt;
    };
    wire::ResourceLimits described;
    described.memory = count(limits.memory);
    if (limits.cpu_seconds) described.cpu_seconds = static_cast<std::uint64_t>(limits.cpu_seconds->count());
    described.open_files = limits.open_files;
    described.stack = count(limits.stack);
    described.core = count(limits.core);
    return described;
}

}  // namespace

std::vector<wire::PluginFile> describe_plugins(const config::PoolConfig& config, const catalog::Catalog& catalog) {
    std::vector<wire::PluginFile> plugins;
    for (const config::PluginUse& use : config.plugins) {
        const auto manifest = std::ranges::find(catalog.plugins(), use.file, &catalog::Manifest::file);
        if (manifest == catalog.plugins().end()) {
            plugins.push_back({{}, use.file.string(), {}, false});
        } else {
            plugins.push_back(
                {manifest->name, use.file.string(), manifest->build_id, !manifest->not_fork_safe.empty()});
        }
    }
    return plugins;
}

std::vector<std::pair<std::string, std::string>> common_environment(const config::PoolConfig& config) {
    std::vector<std::pair<std::string, std::string>> environment;
    for (const config::EnvEntry& entry : config.env) {
        if (!entry.depends_on_rank()) environment.emplace_back(entry.name, entry.value_for(0));
    }
    return environment;
}

wire::WorkerDescription describe_template(const config::PoolConfig& config, const catalog::Catalog& catalog) {
    wire::WorkerDescription description;
    description.pool = config.name;
    description.start_method = std::string(base::name_of(config.start_method));
    description.plugins = describe_plugins(config, catalog);
    description.preload = describe_tasks(config.preload);
    description.initializer = describe_tasks(config.initializer);
    description.environment = common_environment(config);
    if (config.working_directory) description.working_directory = config.working_directory->string();
    description.nice = config.nice;
    description.limits = describe_limits(config.limits);
    description.spin_ns = config.spin ? config.spin->count() : automatic_spin_ns;
    return description;
}

wire::WorkerDescription describe_worker(const config::PoolConfig& config, const catalog::Catalog& catalog,
                                        std::int32_t index) {
    wire::WorkerDescription description = describe_template(config, catalog);
    description.worker_index = index;
    description.cpu_affinity = describe_affinity(config.cpu_affinity, index);
    description.environment.clear();
    for (const config::EnvEntry& entry : config.env) {
        description.environment.emplace_back(entry.name, entry.value_for(static_cast<std::uint32_t>(index)));
    }
    return description;
}

}  // namespace poolhost::pool
