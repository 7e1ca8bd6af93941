// SPDX-License-Identifier: Apache-2.0
#include "config/scalars.hpp"
#include "config/sections.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace poolhost::config {
namespace {

constexpr std::int64_t unbounded = std::numeric_limits<std::int64_t>::max();

std::optional<PluginUse> read_plugin(const Value& item) {
    const auto text = read_text(item);
    if (!text) return std::nullopt;
    if (text->find('/') != std::string::npos) return PluginUse{item.reading->absolute(*text).string(), {}};
    if (text->ends_with(".so")) {
        item.fault("'" + *text + "' is neither a name nor a path",
                   "write ./" + *text + " for a file beside this one, or the plugin's name without lib and .so");
        return std::nullopt;
    }
    return PluginUse{*text, {}};
}

std::optional<std::vector<PluginUse>> read_plugins(const Value& value) {
    if (value.node->kind != Node::Kind::list) {
        value.wrong_type("a list",
                         value.is_scalar() ? "write [" + value.node->text + "]" : "write a list, as in [math]");
        return std::nullopt;
    }
    std::vector<PluginUse> plugins;
    std::set<std::string> names;
    for (const Value& item : value.items()) {
        // A faulty one leaves a gap, so that the others keep their index.
        plugins.push_back((item.is_faulty() ? std::nullopt : read_plugin(item)).value_or(PluginUse{}));
        const std::string& name = plugins.back().name_or_path;
        if (!name.empty() && !names.insert(name).second) {
            item.fault("the plugin stands here a second time", "keep one of the two");
        }
    }
    return plugins;
}

std::optional<RestartPolicy> read_restart(const Value& value) {
    Section section(value);
    RestartPolicy restart;
    restart.max = section.get("max", restart.max, number_in<std::uint32_t>({0, 1'000'000}));
    restart.within = section.get("within", restart.within, duration_with(Zero::refused));
    section.finish();
    return restart;
}

template <class T, class Read>
auto always(Read read) {
    return [read](const Value& value) { return std::optional<T>(read(value)); };
}

// Where two workers of one rank would share what is meant for one.
bool has_ranks(const PoolConfig& pool) {
    return pool.cpu_affinity.kind == CpuAffinity::Kind::spread ||
           std::ranges::any_of(pool.env, &EnvEntry::depends_on_rank);
}

void settle_replacement(Reading& reading, const std::string& path, PoolConfig& pool) {
    const std::string key = path + ".recycle.replacement";
    if (!has_ranks(pool)) return;
    if (reading.origin.places.contains(key) && pool.recycle.replacement == Replacement::before) {
        reading.report_at(key, "two workers of one rank would live at once, while env or cpu_affinity go by rank",
                          "write after, or remove the key");
    }
    pool.recycle.replacement = Replacement::after;
}

void check_env_lists(Reading& reading, const std::string& path, const PoolConfig& pool) {
    if (reading.is_faulty(path + ".processes")) return;
    for (const EnvEntry& entry : pool.env) {
        if (!entry.per_rank || entry.values.size() >= pool.processes.max) continue;
        reading.report_at(path + ".env." + entry.name,
                          "the list has " + std::to_string(entry.values.size()) + " entries for up to " +
                              std::to_string(pool.processes.max) + " workers",
                          "write one entry a worker, or lower processes");
    }
}

void read_behaviour(Section& section, PoolConfig& pool) {
    pool.timeout = section.get_if<Duration>("timeout", duration_with(Zero::refused));
    pool.grace = section.get("grace", pool.grace, duration_with(Zero::allowed));
    pool.start_timeout = section.get("start_timeout", pool.start_timeout, duration_with(Zero::refused));
    pool.retries = section.get("retries", pool.retries, number_in<std::uint32_t>({0, 1000}));
    pool.restart = section.get("restart", pool.restart, read_restart);
    pool.quarantine = section.get("quarantine", pool.quarantine, number_in<std::uint32_t>({0, 1000}));
    pool.recycle = section.get("recycle", pool.recycle, always<Recycle>(read_recycle));
    pool.queue_limit = section.get("queue_limit", pool.queue_limit, number_in<std::uint64_t>({1, unbounded}));
    pool.prefetch = section.get("prefetch", pool.prefetch, [](const Value& value) {
        using Ahead = std::optional<std::uint32_t>;
        return value.is_word("auto") ? std::optional(Ahead{})
                                     : std::optional(Ahead{number_in<std::uint32_t>({0, 1'000'000})(value)});
    });
    pool.spin = section.get("spin", pool.spin, [](const Value& value) {
        using Polling = std::optional<Duration>;
        return std::optional(value.is_word("auto") ? Polling{} : read_duration(value, Zero::allowed));
    });
    pool.slow = section.get_if<Duration>("slow", duration_with(Zero::refused));
}

void read_surroundings(Section& section, PoolConfig& pool) {
    pool.env = section.get("env", pool.env, always<std::vector<EnvEntry>>(read_env));
    pool.working_directory = section.get_if<std::filesystem::path>("working_directory", read_path);
    pool.nice = section.get("nice", pool.nice, number_in<int>({-20, 19}));
    pool.cpu_affinity = section.get("cpu_affinity", pool.cpu_affinity, always<CpuAffinity>(read_cpu_affinity));
    pool.limits = section.get("limits", pool.limits, always<Limits>(read_limits));
}

}  // namespace

PoolConfig read_pool(const Value& value, std::string name, const PoolConfig& defaults) {
    Section section(value);
    PoolConfig pool = defaults;
    pool.name = std::move(name);
    pool.processes.min = pool.processes.max = value.reading->usable_cpus;
    pool.plugins = section.get("plugins", pool.plugins, read_plugins);
    section.require("plugins", "name the pool's plugins, as in plugins: [math], or [] for the built-in tasks alone");
    pool.start_method = section.get("start_method", pool.start_method, one_of(start_method_words));
    pool.processes = section.get("processes", pool.processes, always<Processes>(read_processes));
    pool.preload = section.get("preload", pool.preload, always<std::vector<CallSpec>>(read_calls));
    pool.initializer = section.get("initializer", pool.initializer, always<std::vector<CallSpec>>(read_calls));
    read_behaviour(section, pool);
    read_surroundings(section, pool);
    section.finish();
    settle_replacement(*value.reading, value.path, pool);
    check_env_lists(*value.reading, value.path, pool);
    return pool;
}

Recycle read_recycle(const Value& value) {
    Section section(value);
    Recycle recycle;
    recycle.tasks = section.get_if<std::uint64_t>("tasks", number_in<std::uint64_t>({1, unbounded}));
    recycle.memory = section.get_if<Bytes>("memory", size_with(Zero::refused));
    recycle.age = section.get_if<Duration>("age", duration_with(Zero::refused));
    recycle.jitter_percent = section.get("jitter", recycle.jitter_percent, read_percent);
    recycle.replacement = section.get("replacement", recycle.replacement, one_of(replacement_words));
    section.finish();
    return recycle;
}

Limits read_limits(const Value& value) {
    Section section(value);
    Limits limits;
    limits.memory = section.get_if<Bytes>("memory", size_with(Zero::refused));
    const auto seconds = section.get_if<std::int64_t>("cpu_seconds", number_in<std::int64_t>({1, 1'000'000'000}));
    if (seconds) limits.cpu_seconds = std::chrono::seconds(*seconds);
    limits.open_files = section.get_if<std::uint64_t>("open_files", number_in<std::uint64_t>({1, 1'000'000'000}));
    limits.stack = section.get_if<Bytes>("stack", size_with(Zero::refused));
    limits.core = section.get_if<Bytes>("core", size_with(Zero::allowed));
    section.finish();
    return limits;
}

}  // namespace poolhost::config
