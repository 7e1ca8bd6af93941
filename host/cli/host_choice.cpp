// SPDX-License-Identifier: Apache-2.0
#include "cli/host_choice.hpp"

#include "catalog/lookup.hpp"
#include "config/load.hpp"

namespace poolhost::cli {
namespace {

using PlanOrNot = boost::system::result<Plan, NoPlan>;

constexpr const char* remedy = "give --config CONFIG or --plugin FILE for a host of this command's own";

NoPlan usage(std::string line) { return {ExitCode::usage, {"poolhost: " + std::move(line)}}; }

std::optional<NoPlan> contradiction(const HostChoice& choice) {
    const bool plugins = !choice.plugins.empty();
    if (int{choice.config.has_value()} + int{plugins} + int{choice.connect.has_value()} > 1) {
        return usage("--config, --plugin and --connect name different hosts; give one of them");
    }
    if (plugins || (!choice.processes && !choice.method)) return std::nullopt;
    if (choice.config) return usage("-j and --start-method go with --plugin; a configuration says both itself");
    return usage("-j and --start-method go with --plugin");
}

NoPlan no_host(const HostChoice& choice) {
    const std::string which = choice.connect ? "cannot connect to " + *choice.connect : "no host was named";
    return {ExitCode::no_host, {"poolhost: " + which + ": this version has no serving host yet; " + remedy}};
}

// What a configuration's check says of a fork pool.
std::optional<NoPlan> unforkable(const Plan& plan) {
    for (const PlannedPool& pool : plan.pools) {
        if (pool.config.start_method != base::StartMethod::fork) continue;
        for (const catalog::Manifest& plugin : pool.catalog->plugins()) {
            if (plugin.not_fork_safe.empty()) continue;
            return usage("the plugin '" + plugin.name + "' must not cross a fork: " + plugin.not_fork_safe +
                         "; use --start-method spawn");
        }
    }
    return std::nullopt;
}

PlanOrNot plan_of_plugins(const HostChoice& choice) {
    std::vector<std::filesystem::path> files;
    for (const std::string& plugin : choice.plugins) {
        auto file = plugin_file(plugin);
        if (!file) return usage(file.error().message);
        files.push_back(std::move(*file));
    }
    auto plan = plan_plugins(files, choice.processes, choice.method);
    if (!plan) return usage(plan.error().message);
    if (auto wrong = unforkable(*plan)) return *wrong;
    return std::move(*plan);
}

}  // namespace

base::Result<std::filesystem::path> plugin_file(const std::string& name_or_path) {
    std::error_code unreadable;
    if (std::filesystem::is_regular_file(name_or_path, unreadable)) return std::filesystem::path(name_or_path);
    return catalog::find_plugin(name_or_path, config::standard_plugin_folders(), std::filesystem::current_path());
}

boost::system::result<config::HostConfig, NoPlan> load_configuration(const std::filesystem::path& file) {
    config::LoadOptions options;
    options.further_plugin_folders = config::standard_plugin_folders();
    auto loaded = config::load_config(file, options);
    if (loaded) return std::move(*loaded);
    NoPlan failure;
    for (const config::Fault& fault : loaded.error()) failure.lines.push_back(describe(fault, file.string()));
    return failure;
}

PlanOrNot make_plan(const HostChoice& choice) {
    if (auto wrong = contradiction(choice)) return *wrong;
    if (choice.config) {
        auto config = load_configuration(*choice.config);
        if (!config) return config.error();
        auto plan = plan_configuration(std::move(*config));
        return plan ? PlanOrNot(std::move(*plan)) : usage(plan.error().message);
    }
    return choice.plugins.empty() ? no_host(choice) : plan_of_plugins(choice);
}

boost::system::result<const catalog::TaskManifest*, wire::CallError> find_task(const PlannedPool& pool,
                                                                               std::string_view task) {
    const catalog::TaskManifest* const found = pool.catalog->find_task(task);
    if (found != nullptr) return found;
    const auto nearest = pool.catalog->nearest_task(task);
    std::string message = "pool " + pool.config.name + " has no task " + std::string(task);
    if (nearest) message += "; did you mean " + *nearest + "?";
    std::vector<std::string> searched;
    for (const config::PluginUse& plugin : pool.config.plugins) searched.push_back(plugin.file.string());
    return wire::CallError{std::move(message), wire::UnknownTask{nearest, pool.catalog->task_names(), searched}};
}

}  // namespace poolhost::cli
