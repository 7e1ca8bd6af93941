// SPDX-License-Identifier: Apache-2.0
#include "cli/check.hpp"

#include "config/units.hpp"

namespace poolhost::cli {
namespace {

std::string count(std::size_t number, const char* what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string processes_text(const config::Processes& processes) {
    if (processes.min != processes.max) {
        return std::to_string(processes.min) + " to " + std::to_string(processes.max) +
               " processes, idle ones end after " + config::to_text(processes.idle_timeout);
    }
    const std::string number = std::to_string(processes.max) + (processes.max == 1 ? " process" : " processes");
    return number + (processes.automatic ? " (auto)" : "");
}

std::string plugin_text(const catalog::Manifest& plugin) {
    const std::string build = plugin.build_id.empty() ? "no build id" : "build " + plugin.build_id;
    return "  " + plugin.name + " " + plugin.version + ", " + count(plugin.tasks.size(), "task") + ", " + build + ", " +
           plugin.file.string() + "\n";
}

std::string calls_text(const char* key, const std::vector<config::CallSpec>& calls) {
    std::string text;
    for (const config::CallSpec& call : calls) {
        text += std::string("  ") + key + " " + call.task + " " + call.arguments + "\n";
    }
    return text;
}

}  // namespace

std::string summary(const PlannedPool& pool) {
    const config::PoolConfig& config = pool.config;
    std::string text = "pool " + config.name + ": " + std::string(name_of(config.start_method)) + ", " +
                       processes_text(config.processes) + "\n";
    for (const catalog::Manifest& plugin : pool.catalog->plugins()) text += plugin_text(plugin);
    if (pool.catalog->plugins().empty()) text += "  no plugin: the built-in tasks alone\n";
    text += calls_text("preload", config.preload) + calls_text("initializer", config.initializer);
    text += "  timeout " + (config.timeout ? config::to_text(*config.timeout) : "none");
    text += ", grace " + config::to_text(config.grace) + ", start_timeout " + config::to_text(config.start_timeout);
    return text + "\n";
}

}  // namespace poolhost::cli
