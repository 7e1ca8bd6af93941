// SPDX-License-Identifier: Apache-2.0
// `poolhost check`: whether a configuration would run, and what it would run.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/private_host.hpp"
#include "cli/wiring.hpp"

#include <filesystem>
#include <string>

namespace poolhost::cli {

enum class CheckOutput {
    summary,   // what would run, and what is not yet in effect
    effective  // every key with its effective value, as YAML
};

struct CheckOptions {
    std::filesystem::path config;
    CheckOutput output = CheckOutput::summary;
};

/// Loads every plugin, each in a process of its own.
ExitCode run_check(const CheckOptions& options, const Wiring& wiring);

/// What a pool would run, in lines.
std::string summary(const PlannedPool& pool);

}  // namespace poolhost::cli
