// SPDX-License-Identifier: Apache-2.0
// From a pool's configuration to what one worker, or the template, is told about itself.
#pragma once

#include "catalog/catalog.hpp"
#include "config/pool_config.hpp"
#include "wire/description.hpp"

#include <string>
#include <utility>
#include <vector>

namespace poolhost::pool {

/// `index`: the worker's rank, below the pool's processes.max.
wire::WorkerDescription describe_worker(const config::PoolConfig& config, const catalog::Catalog& catalog,
                                        std::int32_t index);
/// The template's: without anything that depends on a rank.
wire::WorkerDescription describe_template(const config::PoolConfig& config, const catalog::Catalog& catalog);

/// The plugins that a worker of this pool loads.
std::vector<wire::PluginFile> describe_plugins(const config::PoolConfig& config, const catalog::Catalog& catalog);

/// Environment that holds for every worker: what a program of this pool is executed with.
std::vector<std::pair<std::string, std::string>> common_environment(const config::PoolConfig& config);

}  // namespace poolhost::pool
