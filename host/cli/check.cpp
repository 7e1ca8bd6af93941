// SPDX-License-Identifier: Apache-2.0
#include "cli/check.hpp"

#include "base/build.hpp"
#include "cli/host_choice.hpp"
#include "cli/inspection.hpp"
#include "cli/print.hpp"
#include "config/effective.hpp"

#include <set>

namespace poolhost::cli {
namespace {

using Faults = config::Faults;

std::string key_of(const std::string& pool, std::size_t plugin) {
    return "pools." + pool + ".plugins[" + std::to_string(plugin) + "]";
}

config::Place place_of(const config::HostConfig& config, const std::string& key) {
    const auto found = config.origin.places.find(key);
    return found == config.origin.places.end() ? config::Place{} : found->second;
}

/// Loads each plugin of a configuration once, whichever pools use it.
class PluginCheck {
public:
    PluginCheck(const config::HostConfig& config, const Wiring& wiring) : config_(&config), wiring_(&wiring) {}

    base::Result<void> run() {
        auto host = PrivateHost::create(*wiring_, [this](int) { interrupted_ = true; });
        if (!host) return host.error();
        for (const config::PoolConfig& pool : config_->pools) {
            for (std::size_t i = 0; i < pool.plugins.size() && !interrupted_; ++i) {
                const std::filesystem::path& file = pool.plugins[i].file;
                if (seen_.insert(file).second) check(**host, file, key_of(pool.name, i));
            }
        }
        return {};
    }

    [[nodiscard]] bool interrupted() const { return interrupted_; }
    [[nodiscard]] const Faults& faults() const { return faults_; }

private:
    void check(PrivateHost& host, const std::filesystem::path& file, const std::string& key) {
        const auto loaded = load_apart(host, wiring_->worker_program, file, [this] { return interrupted_; });
        if (!loaded) {
            return report(key, loaded.error().message, "mend the plugin, or take it out of the list");
        }
        const auto manifest = catalog::read_manifest(file);
        if (!manifest) return report(key, manifest.error().message, "build it with its manifest");
        for (const std::string& difference : differences(*manifest, *loaded)) {
            report(key, file.string() + ": " + difference, "build the plugin anew from one source");
        }
    }

    void report(const std::string& key, const std::string& cause, const std::string& remedy) {
        faults_.push_back({place_of(*config_, key), key, cause, remedy});
    }

    const config::HostConfig* config_;
    const Wiring* wiring_;
    std::set<std::filesystem::path> seen_;
    Faults faults_;
    bool interrupted_ = false;
};

std::string not_yet_text(const std::vector<config::NotYet>& keys, const std::string& file) {
    if (keys.empty()) return {};
    std::string text = "not yet in effect in poolhost " + std::string(base::version) + ":\n";
    for (const config::NotYet& key : keys) {
        text += "  " + file + ":" + std::to_string(key.place.line) + ":" + std::to_string(key.place.column) + ": " +
                key.key_path + "\n";
    }
    return text;
}

ExitCode refuse(const std::string& why, ExitCode code) {
    complain(why);
    return code;
}

}  // namespace

ExitCode run_check(const CheckOptions& options, const Wiring& wiring) {
    const auto config = load_configuration(options.config);
    const std::string file = options.config.string();
    if (!config) {
        complain_as_written(config.error().lines);
        return config.error().code;
    }
    PluginCheck plugins(*config, wiring);
    if (const auto ran = plugins.run(); !ran) return refuse(ran.error().message, ExitCode::no_host);
    if (plugins.interrupted()) return ExitCode::interrupted;
    for (const config::Fault& fault : plugins.faults()) complain_as_written({describe(fault, file)});
    if (!plugins.faults().empty()) return ExitCode::usage;
    if (options.output == CheckOutput::effective) return print(print_effective(*config));
    std::string text = file + ": valid\n";
    const std::string not_yet = not_yet_text(keys_not_yet_in_effect(*config), file);
    const auto plan = plan_configuration(*config);
    if (!plan) return refuse(plan.error().message, ExitCode::usage);
    for (const PlannedPool& pool : plan->pools) text += summary(pool);
    return print(text + not_yet);
}

}  // namespace poolhost::cli
