// SPDX-License-Identifier: Apache-2.0
#include "worker/template.hpp"

#include "wire/encoder.hpp"
#include "worker/arguments.hpp"
#include "worker/built_in.hpp"
#include "worker/current_step.hpp"
#include "worker/limits.hpp"
#include "worker/log_queue.hpp"
#include "worker/start_call.hpp"

#include <cstdio>
#include <ranges>

namespace poolhost::worker {
namespace {

using base::Error;
using base::Result;
using wire::WorkerDescription;

constexpr std::int32_t template_index = -1;

const void* no_extension(const char*) { return nullptr; }

void log(std::int32_t level, const char* text, std::size_t size) {
    if (text != nullptr) log_queue().push(level, {text, size});
}

}  // namespace

Template::Template() {
    host_.size = sizeof host_;
    host_.abi_major = POOLHOST_ABI_MAJOR;
    host_.abi_minor = POOLHOST_ABI_MINOR;
    host_.worker_index = template_index;
    host_.get_extension = no_extension;
    host_.log = log;
    tasks_.add(built_in_plugin(), {}, {});
}

void Template::describe_host(const WorkerDescription& description) {
    pool_name_ = description.pool;
    start_method_ = description.start_method;
    host_.pool_name = pool_name_.c_str();
    host_.start_method = start_method_.c_str();
    host_.worker_index = description.worker_index;
}

Result<void> Template::prepare(std::span<const std::byte> description) {
    const auto decoded = wire::decode<WorkerDescription>(description);
    if (!decoded) return Error{"the host sent a description that this program cannot read; are both of one version?"};
    return prepare(*decoded);
}

Result<void> Template::prepare(const WorkerDescription& description) {
    const bool is_template = description.worker_index == template_index;
    const bool is_host = is_template && description.start_method == "fork";
    std::optional<BorrowedSurroundings> borrowed;
    if (is_host) borrowed.emplace();
    if (is_template) audit_.emplace();
    describe_host(description);
    if (auto set = set_environment(description.environment); !set) return set;
    if (auto entered = enter_working_directory(description.working_directory); !entered) return entered;
    if (auto loaded = load_all(description); !loaded) return loaded;
    if (auto run = run_start_tasks(description.preload, "preload"); !run) return run;
    if (is_host) environment_ = EnvironmentSnapshot::take();
    audit_.reset();
    prepared_ = true;
    return {};
}

Result<void> Template::load_all(const WorkerDescription& description) {
    const bool is_template = description.worker_index == template_index;
    for (const auto& file : description.plugins) {
        if (is_template && file.load_after_fork) continue;
        if (auto loaded = load(file); !loaded) return loaded;
    }
    for (const auto& plugin : registry_.plugins()) {
        if (auto run = run_hook(plugin, plugin.table().on_preload, "on_preload"); !run) return run;
    }
    return {};
}

Result<void> Template::load(const wire::PluginFile& file) {
    const std::string step =
        "loading plugin " + (file.name.empty() ? file.path : "'" + file.name + "' (" + file.path + ")");
    set_current_step(step);
    const auto loaded = registry_.load(file.path);
    if (!loaded) return loaded.error();
    tasks_.add((*loaded)->table(), file.build_id, file.path);
    return end_step(step);
}

Result<void> Template::load_the_rest(const WorkerDescription& description) {
    for (const auto& file : description.plugins) {
        if (!file.load_after_fork) continue;
        if (auto loaded = load(file); !loaded) return loaded;
        const auto& plugin = registry_.plugins().back();
        if (auto run = run_hook(plugin, plugin.table().on_preload, "on_preload"); !run) return run;
    }
    return {};
}

Result<void> Template::become_worker(const WorkerDescription& description) {
    if (environment_) environment_->restore();
    describe_host(description);
    if (auto set = set_environment(description.environment); !set) return set;
    if (auto entered = enter_working_directory(description.working_directory); !entered) return entered;
    if (auto limited = apply_limits(description); !limited) return limited;
    if (auto loaded = prepared_ ? load_the_rest(description) : prepare(description); !loaded) return loaded;
    for (const auto& plugin : registry_.plugins()) {
        if (auto run = run_hook(plugin, plugin.table().on_start, "on_start"); !run) return run;
    }
    return run_start_tasks(description.initializer, "initializer");
}

void Template::stop() {
    for (const auto& plugin : registry_.plugins() | std::views::reverse) {
        const auto run = run_hook(plugin, plugin.table().on_stop, "on_stop");
        if (!run) log_queue().push(POOLHOST_LOG_ERROR, run.error().message);
    }
}

Result<void> Template::run_hook(const plugin::LoadedPlugin& plugin, poolhost_task_function_v1 hook, const char* name) {
    if (hook == nullptr) return {};
    const std::string what = std::string(name) + " of plugin '" + std::string(plugin.name()) + "'";
    set_current_step(what);
    Call call(host_);
    if (const auto error = call.run(hook, {})) return Error{what + " failed: " + in_words(*error)};
    return end_step(what);
}

Result<void> Template::run_start_tasks(const std::vector<wire::StartTask>& tasks, const char* key) {
    for (const auto& task : tasks) {
        if (auto run = run_start_task(task, key); !run) return run;
    }
    return {};
}

Result<void> Template::run_start_task(const wire::StartTask& start, const char* key) {
    const std::string what = std::string(key) + " task '" + start.task + "'";
    const Task* const task = tasks_.find(start.task);
    if (task == nullptr) return Error{what + ": " + tasks_.unknown(start.task).message};
    ArgumentConverter converter;
    const std::string& json = start.arguments.empty() ? "[]" : start.arguments;
    const auto arguments = converter.convert(wire::Encoding::json, std::as_bytes(std::span(json)));
    if (!arguments) return Error{what + ": " + arguments.error().message};
    set_current_step(what);
    StartCall call(host_);
    const auto error = call.run(task->definition->run, {.arguments = *arguments});
    if (error) return Error{what + " failed: " + in_words(*error)};
    return end_step(what);
}

Result<void> Template::end_step(const std::string& step) {
    std::fflush(stdout);  // what it printed is not the next step's, nor lost when that one crashes
    return audit_ ? audit_->after(step) : Result<void>();
}

}  // namespace poolhost::worker
