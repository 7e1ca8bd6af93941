// SPDX-License-Identifier: Apache-2.0
// What only this machine can tell: whether the plugins, tasks, folders and CPUs of a configuration are there.
#pragma once

#include "catalog/manifest.hpp"
#include "config/reading.hpp"

#include <filesystem>
#include <vector>

namespace poolhost::config {

/// Finds each plugin of the pool and notes its file; checks permissions, ABI, fork safety, preloads and initializers.
void check_plugins(Reading& reading, PoolConfig& pool, const std::vector<std::filesystem::path>& folders);

/// Whether `arguments` fit the task as far as that can be seen: their number, their names, and simple types.
void check_arguments(const Value& arguments, const catalog::TaskManifest& task);

/// Folders, CPUs, niceness.
void check_machine(Reading& reading, const PoolConfig& pool);
/// Files that the listeners need.
void check_machine(Reading& reading, const ListenConfig& listen);

}  // namespace poolhost::config
