// SPDX-License-Identifier: Apache-2.0
#include "cli/inspect.hpp"

#include "catalog/catalog.hpp"
#include "catalog/describe.hpp"
#include "cli/host_choice.hpp"
#include "cli/print.hpp"

namespace poolhost::cli {
namespace {

ExitCode refuse(const std::string& why) {
    complain(why);
    return ExitCode::usage;
}

ExitCode show(const InspectOptions& options, const catalog::Manifest& manifest) {
    return print(options.json ? manifest_json(manifest) + "\n" : describe(manifest));
}

ExitCode show(const InspectOptions& options, const LoadedPlugin& loaded, const std::filesystem::path& file) {
    return print(options.json ? loaded_json(loaded, file) + "\n" : describe_loaded(loaded, file));
}

ExitCode load_and_show(const InspectOptions& options, const std::filesystem::path& file, const Wiring& wiring) {
    bool interrupted = false;
    const auto host = PrivateHost::create(wiring, [&interrupted](int) { interrupted = true; });
    if (!host) {
        complain(host.error().message);
        return ExitCode::no_host;
    }
    const auto loaded = load_apart(**host, wiring.worker_program, file, [&interrupted] { return interrupted; });
    if (interrupted) return ExitCode::interrupted;
    if (!loaded) return refuse(loaded.error().message);
    const auto manifest = catalog::read_manifest(file);
    if (!manifest) return show(options, *loaded, file);
    const ExitCode shown = show(options, *manifest);
    for (const std::string& difference : differences(*manifest, *loaded)) complain(file.string() + ": " + difference);
    return shown;
}

}  // namespace

ExitCode run_inspect(const InspectOptions& options, const Wiring& wiring) {
    if (options.plugin == catalog::built_in_manifest().name) return show(options, catalog::built_in_manifest());
    const auto file = plugin_file(options.plugin);
    if (!file) return refuse(file.error().message);
    if (options.load) return load_and_show(options, *file, wiring);
    const auto manifest = catalog::read_manifest(*file);
    if (manifest) return show(options, *manifest);
    const bool may_be_foreign = manifest.error().message.find("no poolhost manifest") != std::string::npos;
    return refuse(manifest.error().message +
                  (may_be_foreign ? "; with --load it is loaded, in a process of its own, to see" : ""));
}

}  // namespace poolhost::cli
