// SPDX-License-Identifier: Apache-2.0
// One pool as the configuration describes it: every key of pools.NAME, with its default.
#pragma once

#include "base/bytes.hpp"
#include "base/start_method.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::config {

using base::Bytes;
using base::StartMethod;
using Duration = std::chrono::nanoseconds;

/// A plugin that a pool uses.
struct PluginUse {
    std::string name_or_path;    ///< as written; a path (it holds a slash) has been made absolute
    std::filesystem::path file;  ///< where it was found, absolute; empty where only the text was parsed

    friend bool operator==(const PluginUse&, const PluginUse&) = default;
};

/// How many workers: `min` are kept; up to `max` are started when calls wait. A fixed number where they are equal.
struct Processes {
    std::uint32_t min = 1;
    std::uint32_t max = 1;
    Duration idle_timeout = std::chrono::seconds(30);  ///< after that an idle worker beyond `min` ends
    bool automatic = true;                             ///< `auto` was asked: min and max are the usable CPUs

    friend bool operator==(const Processes&, const Processes&) = default;
};

/// A call that the configuration itself asks for: preload and initializer.
struct CallSpec {
    std::string task;              ///< plugin.task
    std::string arguments = "[]";  ///< a JSON array (by position) or object (by name)

    friend bool operator==(const CallSpec&, const CallSpec&) = default;
};

/// More than `max` deaths at start or while idle within `within`: back off.
struct RestartPolicy {
    std::uint32_t max = 5;
    Duration within = std::chrono::seconds(10);

    friend bool operator==(const RestartPolicy&, const RestartPolicy&) = default;
};

enum class Replacement {
    before,  ///< the new worker is ready before the old one ends
    after,   ///< the old one ends first: where two workers of one rank may not live at the same time
};

/// When a healthy worker is replaced.
struct Recycle {
    std::optional<std::uint64_t> tasks;  ///< Python's maxtasksperchild
    std::optional<Bytes> memory;         ///< private resident growth since ready
    std::optional<Duration> age;
    std::uint32_t jitter_percent = 10;  ///< so that workers of one age do not go at once
    Replacement replacement = Replacement::before;

    friend bool operator==(const Recycle&, const Recycle&) = default;
};

/// One variable of the workers' environment.
struct EnvEntry {
    std::string name;
    std::vector<std::string> values;  ///< one for all ranks, or one a rank
    bool per_rank = false;            ///< a list was written: values[rank] is this rank's

    /// Whether two workers may see different values; then a template does not see the variable at all.
    [[nodiscard]] bool depends_on_rank() const;
    /// The value for one worker, `{index}` replaced by its rank. The rank is below the pool's processes.max.
    [[nodiscard]] std::string value_for(std::uint32_t rank) const;

    friend bool operator==(const EnvEntry&, const EnvEntry&) = default;
};

struct CpuAffinity {
    enum class Kind {
        all,     ///< as the host
        list,    ///< every worker on these CPUs
        spread,  ///< one CPU a worker, by its rank
    };
    Kind kind = Kind::all;
    std::vector<std::uint32_t> cpus;  ///< for `list`; ascending, each once

    friend bool operator==(const CpuAffinity&, const CpuAffinity&) = default;
};

/// Hard limits of each worker; as the host's where not set.
struct Limits {
    std::optional<Bytes> memory = {};
    std::optional<std::chrono::seconds> cpu_seconds = {};  ///< of one call
    std::optional<std::uint64_t> open_files = {};
    std::optional<Bytes> stack = {};
    std::optional<Bytes> core = {};

    friend bool operator==(const Limits&, const Limits&) = default;
};

struct PoolConfig {
    std::string name;
    std::vector<PluginUse> plugins;
    StartMethod start_method = base::default_start_method;
    Processes processes;
    std::vector<CallSpec> preload;
    std::vector<CallSpec> initializer;
    std::optional<Duration> timeout;
    Duration grace = std::chrono::seconds(2);
    Duration start_timeout = std::chrono::seconds(60);
    std::uint32_t retries = 0;
    RestartPolicy restart;
    std::uint32_t quarantine = 3;  ///< 0: never
    Recycle recycle;
    std::uint64_t queue_limit = 100'000;
    std::optional<std::uint32_t> prefetch;  ///< none: decided from measured task times
    std::optional<Duration> spin;           ///< none: decided from what has lately paid
    std::optional<Duration> slow;
    std::vector<EnvEntry> env;
    std::optional<std::filesystem::path> working_directory;  ///< absolute
    int nice = 0;                                            ///< added to the host's
    CpuAffinity cpu_affinity;
    Limits limits;

    friend bool operator==(const PoolConfig&, const PoolConfig&) = default;
};

}  // namespace poolhost::config
