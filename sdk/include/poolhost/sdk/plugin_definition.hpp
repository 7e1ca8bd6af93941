// SPDX-License-Identifier: Apache-2.0
// POOLHOST_PLUGIN: from the list of tasks and hooks to the exported table and the manifest's note.
#pragma once

#include "manifest.hpp"
#include "run.hpp"

namespace poolhost::detail {

/// What can be wrong with names and texts, each with its static_assert in POOLHOST_PLUGIN.
struct definition_faults {
    bool task_name = false;
    bool parameter_name = false;
    bool duplicate_task = false;
    bool duplicate_parameter = false;
    bool text = false;
    bool timeout = false;
};

template <const auto& Plugin>
constexpr definition_faults check_definition() {
    definition_faults faults;
    std::array<std::string_view, Plugin.task_count> names{};
    std::size_t known = 0;
    faults.text = !is_manifest_text(Plugin.version) || !is_manifest_text(Plugin.documentation) ||
                  !is_manifest_text(Plugin.fork_unsafety_reason());
    const auto check_parameter = [&faults](const auto& parameters, std::size_t index) {
        if (!is_identifier(parameters[index])) faults.parameter_name = true;
        for (std::size_t other = 0; other < index; ++other) {
            if (std::string_view(parameters[other]) == parameters[index]) faults.duplicate_parameter = true;
        }
    };
    const auto check_task = [&](const auto& task) {
        if (!is_identifier(task.name)) faults.task_name = true;
        if (!is_manifest_text(task.documentation)) faults.text = true;
        if (task.timeout_ns < 0) faults.timeout = true;
        for (std::size_t i = 0; i < known; ++i) {
            if (names[i] == task.name) faults.duplicate_task = true;
        }
        names[known++] = task.name;
        for (std::size_t i = 0; i < task.parameters.size(); ++i) check_parameter(task.parameters, i);
    };
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (check_task(Plugin.template task<Index>()), ...);
    }(std::make_index_sequence<Plugin.task_count>{});
    return faults;
}

template <const auto& Plugin>
struct plugin_table {
    template <std::size_t... Index>
    static constexpr auto make_tasks(std::index_sequence<Index...>) {
        return std::array<poolhost_task_v1, sizeof...(Index)>{make_task_entry<Index>()...};
    }
    template <std::size_t Index>
    static constexpr poolhost_task_v1 make_task_entry() {
        const auto& task = Plugin.template task<Index>();
        const std::uint32_t flags = task.is_idempotent ? POOLHOST_TASK_IDEMPOTENT : 0;
        return {sizeof(poolhost_task_v1), flags, task.name, &run_task<Plugin, Index>, task.timeout_ns};
    }
    template <hook Which, class Context>
    static constexpr poolhost_task_function_v1 hook_entry() {
        if constexpr (Plugin.template count_of<hook_definition<Which, Context>> == 1) {
            return &run_hook<Plugin, Which, Context>;
        } else {
            return nullptr;
        }
    }

    static constexpr auto tasks = make_tasks(std::make_index_sequence<Plugin.task_count>{});
    static constexpr poolhost_plugin_table_v1 table{
        sizeof(poolhost_plugin_table_v1),
        POOLHOST_ABI_MAJOR,
        POOLHOST_ABI_MINOR,
        Plugin.name,
        Plugin.version,
        Plugin.template count_of<fork_unsafety> == 1 ? std::uint32_t{POOLHOST_PLUGIN_NOT_FORK_SAFE} : 0U,
        static_cast<std::uint32_t>(tasks.size()),
        tasks.data(),
        hook_entry<hook::preload, preload_context>(),
        hook_entry<hook::start, worker_context>(),
        hook_entry<hook::stop, worker_context>()};
};

}  // namespace poolhost::detail

/// POOLHOST_PLUGIN(name, "version", "documentation", poolhost::task(…), …): once in a library, at file scope, outside
/// of any namespace. See poolhost/sdk.hpp.
#define POOLHOST_PLUGIN(NAME, VERSION, DOC, ...)                                                                  \
    static constexpr auto poolhost_plugin_definition =                                                            \
        ::poolhost::detail::define_plugin(#NAME, VERSION, DOC __VA_OPT__(, ) __VA_ARGS__);                        \
    POOLHOST_DETAIL_CHECK(task_name, "a task's name is made of letters, digits and underscores, no digit first"); \
    POOLHOST_DETAIL_CHECK(parameter_name,                                                                         \
                          "a parameter's name is made of letters, digits and underscores, no digit first");       \
    POOLHOST_DETAIL_CHECK(duplicate_task, "two tasks of this plugin have the same name");                         \
    POOLHOST_DETAIL_CHECK(duplicate_parameter, "two parameters of a task have the same name");                    \
    POOLHOST_DETAIL_CHECK(text, "a version, documentation or reason contains NUL, \\x1e or \\x1f");               \
    POOLHOST_DETAIL_CHECK(timeout, "a task's timeout is negative");                                               \
    POOLHOST_NOTE_ATTRIBUTES static constexpr auto poolhost_manifest_note =                                       \
        ::poolhost::detail::make_manifest_note<poolhost_plugin_definition>();                                     \
    extern "C" POOLHOST_EXPORT const poolhost_plugin_table_v1* poolhost_plugin_v1() {                             \
        return &::poolhost::detail::plugin_table<poolhost_plugin_definition>::table;                              \
    }

#define POOLHOST_DETAIL_CHECK(FAULT, TEXT) \
    static_assert(!::poolhost::detail::check_definition<poolhost_plugin_definition>().FAULT, "poolhost: " TEXT)
