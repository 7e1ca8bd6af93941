// SPDX-License-Identifier: Apache-2.0
// What a worker, or a template, is told about itself when it is born.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace poolhost::wire {

struct PluginFile {
    std::string name;              // from its manifest; empty where it has none
    std::string path;              // absolute
    std::string build_id;          // hexadecimal, or empty
    bool load_after_fork = false;  // not_fork_safe: never in a template
    static void fields(auto& self, auto&& visit) { visit(self.name, self.path, self.build_id, self.load_after_fork); }
};

/// A task to run at start; `arguments` is a JSON array or object.
struct StartTask {
    std::string task;
    std::string arguments;
    static void fields(auto& self, auto&& visit) { visit(self.task, self.arguments); }
};

/// Sizes in bytes; absent: as the host's.
struct ResourceLimits {
    std::optional<std::uint64_t> memory;
    std::optional<std::uint64_t> cpu_seconds;
    std::optional<std::uint64_t> open_files;
    std::optional<std::uint64_t> stack;
    std::optional<std::uint64_t> core;
    static void fields(auto& self, auto&& visit) {
        visit(self.memory, self.cpu_seconds, self.open_files, self.stack, self.core);
    }
};

struct WorkerDescription {
    std::string pool;
    std::string start_method;        // "spawn", "fork" or "forkserver"
    std::int32_t worker_index = -1;  // stable rank; -1 for a template
    std::vector<PluginFile> plugins;
    std::vector<StartTask> preload;      // in a template; with spawn in each worker
    std::vector<StartTask> initializer;  // in each worker
    // In a template: the values that hold for every worker. In a worker: all, with {index} filled in.
    std::vector<std::pair<std::string, std::string>> environment;
    std::string working_directory;  // empty: as the host's
    std::int32_t nice = 0;
    std::vector<std::int32_t> cpu_affinity;  // empty: all
    ResourceLimits limits;
    std::int64_t spin_ns = 0;  // how long the worker polls before it sleeps
    static void fields(auto& self, auto&& visit) {
        visit(self.pool, self.start_method, self.worker_index, self.plugins, self.preload, self.initializer,
              self.environment, self.working_directory, self.nice, self.cpu_affinity, self.limits, self.spin_ns);
    }
};

}  // namespace poolhost::wire
