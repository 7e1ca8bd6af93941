// SPDX-License-Identifier: Apache-2.0
// What is loaded and prepared in a process before it is, or is copied into, a worker: plugins, hooks, start tasks.
#pragma once

#include "base/error.hpp"
#include "plugin/registry.hpp"
#include "wire/description.hpp"
#include "worker/environment.hpp"
#include "worker/fork_audit.hpp"
#include "worker/task_table.hpp"

#include <poolhost/plugin.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace poolhost::worker {

/// One in a worker or fork server, one for each `fork` pool in a host. Main thread. Plugins keep pointers into it: it
/// stays where it is until the process ends.
class Template {
public:
    Template();
    Template(const Template&) = delete;
    Template& operator=(const Template&) = delete;

    /// Before any fork: sets the environment, loads the plugins (in a template, without those to be loaded after the
    /// fork), runs on_preload and the preload tasks. The error says which plugin or task failed, and why, verbatim; so
    /// it does where one of them left a thread behind in a template. With `fork`, environment and working directory of
    /// the process, the host, are afterwards what they were.
    base::Result<void> prepare(const wire::WorkerDescription& description);
    /// The same for an encoded description, as a fork server gets it.
    base::Result<void> prepare(std::span<const std::byte> description);

    /// In the worker, once: applies the description, prepares or loads what is still missing, then runs on_start and
    /// the initializers.
    base::Result<void> become_worker(const wire::WorkerDescription& description);
    /// At an orderly end: on_stop of every plugin, in reverse order. What fails is logged.
    void stop();

    [[nodiscard]] const TaskTable& tasks() const { return tasks_; }
    /// What plugins see of the host; valid as long as the template.
    [[nodiscard]] const poolhost_host_v1& host() const { return host_; }

private:
    void describe_host(const wire::WorkerDescription& description);
    base::Result<void> load(const wire::PluginFile& file);
    base::Result<void> load_all(const wire::WorkerDescription& description);
    base::Result<void> load_the_rest(const wire::WorkerDescription& description);
    base::Result<void> run_hook(const plugin::LoadedPlugin& plugin, poolhost_task_function_v1 hook, const char* name);
    base::Result<void> run_start_task(const wire::StartTask& task, const char* key);
    base::Result<void> run_start_tasks(const std::vector<wire::StartTask>& tasks, const char* key);
    base::Result<void> end_step(const std::string& step);

    plugin::Registry registry_;
    TaskTable tasks_;
    poolhost_host_v1 host_{};
    std::string pool_name_;
    std::string start_method_;
    bool prepared_ = false;
    std::optional<ForkAudit> audit_;                  // while a template is prepared
    std::optional<EnvironmentSnapshot> environment_;  // of a template whose process got its own back
};

}  // namespace poolhost::worker
