// SPDX-License-Identifier: Apache-2.0
// `poolhost inspect`: what a plugin offers, running none of its code unless asked to.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/inspection.hpp"
#include "cli/wiring.hpp"

#include <string>

namespace poolhost::cli {

struct InspectOptions {
    std::string plugin;  // a file or a name
    bool json = false;
    bool load = false;  // in a disposable process
};

ExitCode run_inspect(const InspectOptions& options, const Wiring& wiring);

/// A manifest as one line of JSON.
std::string manifest_json(const catalog::Manifest& manifest);
/// What there is to say of a plugin without a manifest: names and flags, no signatures and no docs.
std::string describe_loaded(const LoadedPlugin& loaded, const std::filesystem::path& file);
std::string loaded_json(const LoadedPlugin& loaded, const std::filesystem::path& file);

}  // namespace poolhost::cli
