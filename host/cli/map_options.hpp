// SPDX-License-Identifier: Apache-2.0
// What `poolhost map` was asked to do, and whether it makes sense.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "catalog/signature.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::cli {

enum class ProgressMode { automatic, bar, lines, none };
/// "auto", "bar", "lines" or "none".
std::optional<ProgressMode> progress_mode_named(std::string_view name);

struct MapOptions {
    std::string task;
    std::vector<std::string> args;  // templates; none: the item is the only argument
    std::optional<std::string> pool;
    base::Duration timeout{0};  // 0: the task's or the pool's
    std::optional<base::Duration> deadline;

    bool null_separated = false;
    bool starmap = false;
    bool unordered = false;
    bool fail_fast = false;
    bool json = false;
    std::optional<std::filesystem::path> out;
    bool resume = false;
    bool retry_failed = false;
    std::optional<std::string> output;  // template of the files' names
    ProgressMode progress = ProgressMode::automatic;
    std::optional<std::uint64_t> total;
};

/// The text of --help that says how items become arguments, and what comes out.
extern const char* const map_help;

/// Options that contradict each other, or that the task cannot fulfil.
base::Result<void> check_map_options(const MapOptions& options, const catalog::Signature& signature);

}  // namespace poolhost::cli
