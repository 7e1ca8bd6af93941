// SPDX-License-Identifier: Apache-2.0
// The disposable process that loads a plugin to see whether it loads, and what is in its table.
#pragma once

#include <filesystem>

namespace poolhost::worker {

/// Limits this process (10 CPU seconds, 1 GiB of memory, no core), loads the plugin and writes one line of JSON to
/// standard output: {"name", "version", "abi", "fork_safe", "tasks": [{"name", "idempotent", "timeout_ns"}]}. Where it
/// cannot be loaded, says why on standard error. Returns the exit code: 0, or 1.
int inspect_plugin(const std::filesystem::path& file);

}  // namespace poolhost::worker
