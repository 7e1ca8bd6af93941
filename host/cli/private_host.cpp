// SPDX-License-Identifier: Apache-2.0
#include "cli/private_host.hpp"

#include "base/nearest.hpp"
#include "config/cpus.hpp"
#include "config/state_folder.hpp"
#include "pool/aftermath.hpp"
#include "process/process.hpp"
#include "process/signal_source.hpp"
#include "process/supervisor.hpp"
#include "process/threads.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <boost/asio/steady_timer.hpp>

#include <signal.h>

namespace poolhost::cli {

struct PrivateHost::State {
    boost::asio::io_context loop{1};
    Wiring wiring;
    std::optional<process::SignalSource> interrupts;
    std::optional<process::SignalSource> orphans;
    std::optional<pool::Aftermath> aftermath;  // outlives the pools
    std::vector<std::unique_ptr<pool::Pool>> pools;
    std::vector<pid_t> not_ours;  // children from before this program took the process over, as `exec` of a shell does
    std::function<void()> hurry;  // while the pools end in order: they shall end at once

    [[nodiscard]] bool alone() const {
        return std::ranges::all_of(
            process::children(), [this](pid_t child) { return std::ranges::find(not_ours, child) != not_ours.end(); });
    }
};

namespace {

std::string capsule_folder(const config::CapsuleConfig& capsules) {
    return capsules.dir.value_or(config::state_folder(std::getenv)).string();
}

}  // namespace

// ---- plans

base::Result<Plan> plan_configuration(config::HostConfig config) {
    Plan plan;
    for (config::PoolConfig& pool : config.pools) {
        auto catalog = std::make_shared<catalog::Catalog>();
        for (const config::PluginUse& plugin : pool.plugins) {
            if (const auto added = catalog->add(plugin.file); !added) return added.error();
        }
        plan.pools.push_back({std::move(pool), std::move(catalog)});
    }
    config.pools.clear();
    plan.config = std::move(config);
    return plan;
}

base::Result<Plan> plan_plugins(const std::vector<std::filesystem::path>& files, std::optional<std::uint32_t> processes,
                                std::optional<base::StartMethod> method) {
    config::HostConfig config;
    config::PoolConfig pool;
    pool.name = "default";
    pool.start_method = method.value_or(base::default_start_method);
    const std::uint32_t count = processes.value_or(config::usable_cpus());
    pool.processes = config::Processes{count, count, pool.processes.idle_timeout, !processes.has_value()};
    for (const std::filesystem::path& file : files) {
        std::error_code unreadable;
        const std::filesystem::path found = std::filesystem::canonical(file, unreadable);
        if (unreadable) return base::Error{file.string() + ": " + unreadable.message()};
        pool.plugins.push_back({file.string(), found});
    }
    config.pools.push_back(std::move(pool));
    return plan_configuration(std::move(config));
}

boost::system::result<const PlannedPool*, wire::CallError> choose_pool(const Plan& plan, std::string_view task,
                                                                       const std::optional<std::string>& pool) {
    std::vector<std::string> names;
    for (const PlannedPool& planned : plan.pools) names.push_back(planned.config.name);
    if (pool) {
        const auto named = std::ranges::find(names, *pool);
        if (named != names.end()) return &plan.pools[static_cast<std::size_t>(named - names.begin())];
        const auto nearest = base::nearest_name(*pool, names);
        const std::string hint = nearest ? "; did you mean " + *nearest + "?" : "";
        return wire::CallError{"there is no pool " + *pool + hint, wire::UnknownPool{nearest, names}};
    }
    for (const PlannedPool& planned : plan.pools) {
        if (planned.catalog->find_task(task) != nullptr) return &planned;
    }
    wire::UnknownTask unknown;
    for (const PlannedPool& planned : plan.pools) {
        for (const std::string& name : planned.catalog->task_names()) unknown.loaded.push_back(name);
        for (const config::PluginUse& plugin : planned.config.plugins) unknown.searched.push_back(plugin.file.string());
    }
    std::ranges::sort(unknown.loaded);
    unknown.loaded.erase(std::ranges::unique(unknown.loaded).begin(), unknown.loaded.end());
    unknown.nearest = base::nearest_name(task, unknown.loaded);
    const std::string hint = unknown.nearest ? "; did you mean " + *unknown.nearest + "?" : "";
    return wire::CallError{"no pool has a task " + std::string(task) + hint, std::move(unknown)};
}

// ---- the host

PrivateHost::PrivateHost(std::unique_ptr<State> state) : state_(std::move(state)) {}
PrivateHost::~PrivateHost() = default;

base::Result<std::unique_ptr<PrivateHost>> PrivateHost::create(Wiring wiring,
                                                               std::function<void(int signal)> on_interrupt) {
    if (const auto supervising = process::become_supervisor(); !supervising) return supervising.error();
    auto state = std::make_unique<State>();
    state->not_ours = process::children();
    state->wiring = std::move(wiring);
    constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};
    auto interrupts = process::SignalSource::start(
        state->loop, signals, [state = state.get(), on_interrupt = std::move(on_interrupt)](int signal) {
            on_interrupt(signal);
            if (state->hurry) state->hurry();
        });
    if (!interrupts) return interrupts.error();
    state->interrupts.emplace(std::move(*interrupts));
    auto orphans = process::reap_orphans_on(state->loop);
    if (!orphans) return orphans.error();
    state->orphans.emplace(std::move(*orphans));
    return std::unique_ptr<PrivateHost>(new PrivateHost(std::move(state)));
}

boost::asio::io_context& PrivateHost::loop() { return state_->loop; }

base::Result<pool::Pool*> PrivateHost::start_pool(const PlannedPool& planned, pool::PoolListener& listener,
                                                  const config::HostConfig& host) {
    auto starter = state_->wiring.starters(state_->loop, planned.config, *planned.catalog, listener);
    if (!starter) return starter.error();
    if (!state_->aftermath) {
        state_->aftermath.emplace(state_->loop, process::Program{state_->wiring.aftermath_program, {}, {}},
                                  host.capsules, capsule_folder(host.capsules));
    }
    state_->pools.push_back(
        std::make_unique<pool::Pool>(pool::PoolParts{state_->loop, planned.config, planned.catalog, std::move(*starter),
                                                     listener, host.max_payload, &*state_->aftermath}));
    state_->pools.back()->start();
    return state_->pools.back().get();
}

void PrivateHost::run_until(const std::function<bool()>& done) {
    state_->loop.restart();
    while (!done() && state_->loop.run_one() > 0) {
    }
}

void PrivateHost::stop(pool::Pool::Stop how, base::Duration drain_timeout) {
    std::size_t stopped = 0;
    const auto count = [&stopped] { ++stopped; };
    for (const auto& pool : state_->pools) pool->stop(how, count);
    state_->hurry = [&] {
        for (const auto& pool : state_->pools) {
            if (pool->state() != pool::PoolState::stopped) pool->stop(pool::Pool::Stop::at_once, count);
        }
    };
    boost::asio::steady_timer patience(state_->loop, drain_timeout);
    patience.async_wait([this](const boost::system::error_code& error) {
        if (!error && state_->hurry) state_->hurry();
    });
    run_until([&] { return stopped == state_->pools.size(); });
    patience.cancel();
    state_->hurry = nullptr;
    state_->pools.clear();
    wait_until_alone();
}

// A worker whose birth was under way finds its host gone and ends by itself, a moment later. What does not end is a
// process that a task has set free: it is not waited for.
void PrivateHost::wait_until_alone() {
    bool late = false;
    boost::asio::steady_timer patience(state_->loop, std::chrono::seconds(1));
    patience.async_wait([&late](const boost::system::error_code& error) { late = !error; });
    run_until([&] {
        process::reap_orphans();
        return late || state_->alone();
    });
    patience.cancel();
    state_->loop.poll();  // the handler refers to this call
}

}  // namespace poolhost::cli
