// SPDX-License-Identifier: Apache-2.0
#include "worker/inspect_plugin.hpp"

#include "base/bytes.hpp"
#include "plugin/loaded_plugin.hpp"
#include "worker/limits.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <string>

namespace poolhost::worker {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t cpu_seconds = 10;
constexpr auto memory = base::gibibytes(1);

Json describe(const plugin::LoadedPlugin& plugin) {
    Json tasks = Json::array();
    for (const poolhost_task_v1* const task : plugin.tasks()) {
        tasks.push_back({{"name", task->name},
                         {"idempotent", (task->flags & POOLHOST_TASK_IDEMPOTENT) != 0},
                         {"timeout_ns", task->timeout_ns}});
    }
    const auto& table = plugin.table();
    return {{"name", plugin.name()},
            {"version", plugin.version()},
            {"abi", std::to_string(table.abi_major) + "." + std::to_string(table.abi_minor)},
            {"fork_safe", plugin.is_fork_safe()},
            {"tasks", std::move(tasks)}};
}

base::Result<void> limit_this_process() {
    wire::WorkerDescription description;
    description.limits.memory = memory.count;
    description.limits.core = 0;
    if (auto limited = apply_limits(description); !limited) return limited;
    CpuLimit(cpu_seconds).before_call(base::Clock::now());
    return {};
}

int fail(const base::Error& error) {
    std::fprintf(stderr, "%s\n", error.message.c_str());
    return 1;
}

}  // namespace

int inspect_plugin(const std::filesystem::path& file) {
    if (const auto limited = limit_this_process(); !limited) return fail(limited.error());
    const auto plugin = plugin::LoadedPlugin::load(file);
    if (!plugin) return fail(plugin.error());
    const std::string text = describe(*plugin).dump(-1, ' ', false, Json::error_handler_t::replace);
    std::printf("%s\n", text.c_str());
    return 0;
}

}  // namespace poolhost::worker
