// SPDX-License-Identifier: Apache-2.0
#include "config/effective.hpp"

#include "config/address.hpp"
#include "config/json_arguments.hpp"
#include "config/names.hpp"
#include "config/units.hpp"

#include <array>
#include <cstdio>

namespace poolhost::config {
namespace {

/// Lines of YAML, at a level of indentation.
class Printer {
public:
    void line(std::string_view key, std::string_view value) {
        text_ += std::string(level_ * 2, ' ') + std::string(key) + ":" + (value.empty() ? "" : " ") +
                 std::string(value) + "\n";
    }
    template <class Body>
    void map(std::string_view key, Body body) {
        line(key, "");
        ++level_;
        body();
        --level_;
    }
    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    std::string text_;
    std::size_t level_ = 0;
};

std::string value_text(const std::string& text) { return json_text(text); }
std::string value_text(const std::filesystem::path& path) { return json_text(path.string()); }
std::string value_text(Duration duration) { return to_text(duration); }
std::string value_text(std::chrono::seconds seconds) { return std::to_string(seconds.count()); }
std::string value_text(Bytes size) { return to_text(size); }
std::string value_text(const Address& address) { return json_text(to_text(address)); }
std::string value_text(CapsuleCause cause) { return std::string(word_for(capsule_cause_words, cause)); }
std::string value_text(const PluginUse& plugin) { return json_text(plugin.name_or_path); }
template <std::integral T>
std::string value_text(T number) {
    return std::to_string(number);
}
template <class T>
std::string value_text(const std::vector<T>& list) {
    std::string text;
    for (const T& item : list) text += (text.empty() ? "" : ", ") + value_text(item);
    return "[" + text + "]";
}

/// Many keys may be left out: then this word stands for it.
template <class T>
std::string value_or(const std::optional<T>& value, std::string_view word) {
    return value ? value_text(*value) : std::string(word);
}

std::string octal(std::uint32_t mode) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04o", mode);
    return text.data();
}

void print_listen(Printer& out, const ListenConfig& listen) {
    out.map("socket", [&] {
        out.line("path", value_text(listen.socket.path));
        out.line("mode", octal(listen.socket.mode));
        out.line("group", value_or(listen.socket.group, "none"));
        out.line("allow_users", value_text(listen.socket.allow_users));
        out.line("allow_groups", value_text(listen.socket.allow_groups));
    });
    out.line("http", value_or(listen.http, "none"));
    out.line("http_token_file", value_or(listen.http_token_file, "none"));
    out.line("metrics", value_or(listen.metrics, "none"));
}

void print_processes(Printer& out, const Processes& processes) {
    if (processes.automatic) return out.line("processes", "auto  # " + value_text(processes.max) + " here");
    if (processes.min == processes.max && processes.idle_timeout == Processes{}.idle_timeout) {
        return out.line("processes", value_text(processes.max));
    }
    out.map("processes", [&] {
        out.line("min", value_text(processes.min));
        out.line("max", value_text(processes.max));
        out.line("idle_timeout", value_text(processes.idle_timeout));
    });
}

void print_calls(Printer& out, std::string_view key, const std::vector<CallSpec>& calls) {
    if (calls.empty()) return out.line(key, "none");
    out.line(key, "");
    for (const CallSpec& call : calls) {
        out.line("  - task", value_text(call.task));
        out.line("    args", call.arguments);
    }
}

void print_env(Printer& out, const std::vector<EnvEntry>& env) {
    if (env.empty()) return out.line("env", "{}");
    out.map("env", [&] {
        for (const EnvEntry& entry : env) {
            out.line(value_text(entry.name), entry.per_rank ? value_text(entry.values) : value_text(entry.values[0]));
        }
    });
}

std::string affinity_text(const CpuAffinity& affinity) {
    switch (affinity.kind) {
        case CpuAffinity::Kind::all:
            return "all";
        case CpuAffinity::Kind::spread:
            return "spread";
        case CpuAffinity::Kind::list:
            break;
    }
    return value_text(affinity.cpus);
}

void print_limits(Printer& out, const Limits& limits) {
    out.line("memory", value_or(limits.memory, "none"));
    out.line("cpu_seconds", value_or(limits.cpu_seconds, "none"));
    out.line("open_files", value_or(limits.open_files, "none"));
    out.line("stack", value_or(limits.stack, "none"));
    out.line("core", value_or(limits.core, "none"));
}

void print_recycle(Printer& out, const Recycle& recycle) {
    out.line("tasks", value_or(recycle.tasks, "none"));
    out.line("memory", value_or(recycle.memory, "none"));
    out.line("age", value_or(recycle.age, "none"));
    out.line("jitter", value_text(recycle.jitter_percent) + "%");
    out.line("replacement", word_for(replacement_words, recycle.replacement));
}

void print_times(Printer& out, const PoolConfig& pool) {
    out.line("timeout", value_or(pool.timeout, "none"));
    out.line("grace", value_text(pool.grace));
    out.line("start_timeout", value_text(pool.start_timeout));
    out.line("retries", value_text(pool.retries));
    out.map("restart", [&] {
        out.line("max", value_text(pool.restart.max));
        out.line("within", value_text(pool.restart.within));
    });
    out.line("quarantine", value_text(pool.quarantine));
    out.map("recycle", [&] { print_recycle(out, pool.recycle); });
    out.line("queue_limit", value_text(pool.queue_limit));
    out.line("prefetch", value_or(pool.prefetch, "auto"));
    out.line("spin", value_or(pool.spin, "auto"));
    out.line("slow", value_or(pool.slow, "none"));
}

void print_pool(Printer& out, const PoolConfig& pool) {
    out.line("plugins", value_text(pool.plugins));
    out.line("start_method", word_for(start_method_words, pool.start_method));
    print_processes(out, pool.processes);
    print_calls(out, "preload", pool.preload);
    print_calls(out, "initializer", pool.initializer);
    print_times(out, pool);
    print_env(out, pool.env);
    out.line("working_directory", value_or(pool.working_directory, "none"));
    out.line("nice", value_text(pool.nice));
    out.line("cpu_affinity", affinity_text(pool.cpu_affinity));
    out.map("limits", [&] { print_limits(out, pool.limits); });
}

}  // namespace

std::string print_effective(const HostConfig& config) {
    Printer out;
    out.line("start_method", word_for(start_method_words, config.start_method));
    out.line("plugin_path", value_text(config.plugin_path));
    out.map("listen", [&] { print_listen(out, config.listen); });
    out.map("log", [&] {
        out.line("level", word_for(log_level_words, config.log.level));
        out.line("format", word_for(log_format_words, config.log.format));
    });
    out.map("capsules", [&] {
        out.line("dir", value_or(config.capsules.dir, "none"));
        out.line("max", value_text(config.capsules.max));
        out.line("max_size", value_text(config.capsules.max_size));
        out.line("on", value_text(config.capsules.on));
    });
    out.line("drain_timeout", value_text(config.drain_timeout));
    out.line("result_ttl", value_text(config.result_ttl));
    out.line("max_payload", value_text(config.max_payload));
    out.map("pools", [&] {
        for (const PoolConfig& pool : config.pools) out.map(json_text(pool.name), [&] { print_pool(out, pool); });
    });
    return std::move(out).take();
}

}  // namespace poolhost::config
