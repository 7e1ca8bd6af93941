// SPDX-License-Identifier: Apache-2.0
// What main() gives to the commands: the parts of the worker's side that they may use without knowing them.
#pragma once

#include "base/error.hpp"
#include "catalog/catalog.hpp"
#include "config/pool_config.hpp"
#include "pool/listener.hpp"
#include "process/starter.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace poolhost::cli {

/// Makes the starter of one pool. For a pool that says fork it loads and preloads the pool's plugins into this process,
/// so call it before anything else runs.
using StarterFactory = std::function<base::Result<std::unique_ptr<process::Starter>>(
    boost::asio::io_context& loop, const config::PoolConfig& pool, const catalog::Catalog& catalog,
    pool::PoolListener& listener)>;

struct Wiring {
    StarterFactory starters;
    std::filesystem::path worker_program;     // poolhost-worker, which also inspects plugins
    std::filesystem::path aftermath_program;  // poolhost-aftermath, sent out after a death
};

}  // namespace poolhost::cli
