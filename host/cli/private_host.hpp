// SPDX-License-Identifier: Apache-2.0
// A host for one command, in this process: the pools that the command needs, and the loop that runs them.
#pragma once

#include "base/error.hpp"
#include "cli/wiring.hpp"
#include "config/host_config.hpp"
#include "pool/pool.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::cli {

/// A pool of a configuration and the plugins that it offers; nothing runs yet.
struct PlannedPool {
    config::PoolConfig config;
    std::shared_ptr<const catalog::Catalog> catalog;
};

/// What a command could run: from --config or from --plugin.
struct Plan {
    config::HostConfig config;  // without its pools
    std::vector<PlannedPool> pools;
};

/// Reads the manifests of a configuration's plugins.
base::Result<Plan> plan_configuration(config::HostConfig config);
/// One pool named "default" out of plugin files, as `--plugin FILE [-j N] [--start-method M]` asks.
base::Result<Plan> plan_plugins(const std::vector<std::filesystem::path>& files, std::optional<std::uint32_t> processes,
                                std::optional<base::StartMethod> method);

/// The pool that takes a task: the one named, else the first that offers it. unknown_pool or unknown_task otherwise.
boost::system::result<const PlannedPool*, wire::CallError> choose_pool(const Plan& plan, std::string_view task,
                                                                       const std::optional<std::string>& pool);

/// One thread: the only one of this process. Its pools live from start_pool() to the end of stop().
class PrivateHost {
public:
    /// Makes this process a supervisor. `on_interrupt` is called from the loop for SIGINT, SIGTERM and SIGHUP.
    static base::Result<std::unique_ptr<PrivateHost>> create(Wiring wiring,
                                                             std::function<void(int signal)> on_interrupt);
    ~PrivateHost();

    [[nodiscard]] boost::asio::io_context& loop();
    /// Starts a pool; workers come up while the loop runs. `host`: what holds for all pools; the same each time.
    base::Result<pool::Pool*> start_pool(const PlannedPool& planned, pool::PoolListener& listener,
                                         const config::HostConfig& host);
    /// Runs the loop until `done` says so; it is asked after every event.
    void run_until(const std::function<bool()>& done);
    /// Ends all pools: on return no process is left. A drain becomes at_once after `drain_timeout`, or by a signal.
    void stop(pool::Pool::Stop how, base::Duration drain_timeout);

private:
    struct State;
    explicit PrivateHost(std::unique_ptr<State> state);
    void wait_until_alone();
    std::unique_ptr<State> state_;
};

}  // namespace poolhost::cli
