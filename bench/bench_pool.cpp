// SPDX-License-Identifier: Apache-2.0
#include "bench_pool.hpp"

#include "starters.hpp"

#include <cstdio>
#include <cstdlib>

namespace poolhost::bench {
namespace {

template <class T>
T required(base::Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "poolhost: %s\n", result.error().message.c_str());
    std::exit(1);
}

}  // namespace

BenchPool::BenchPool(config::PoolConfig config, const std::vector<std::string>& plugins) {
    const cli::Wiring wiring{make_starters(POOLHOST_WORKER_PROGRAM), POOLHOST_WORKER_PROGRAM,
                             POOLHOST_AFTERMATH_PROGRAM};
    host_ = required(cli::PrivateHost::create(wiring, [](int) { std::exit(130); }));
    config.name = "bench";
    for (const std::string& plugin : plugins) {
        const std::filesystem::path file = std::string(POOLHOST_TEST_PLUGINS) + "/lib" + plugin + ".so";
        config.plugins.push_back({file.string(), file});
    }
    config::HostConfig whole;
    whole.capsules.max = 0;
    whole.pools.push_back(std::move(config));
    const cli::Plan plan = required(cli::plan_configuration(std::move(whole)));
    pool_ = required(host_->start_pool(plan.pools.front(), *this, plan.config));
    wait_until([this] { return pool_->working() == pool_->config().processes.max; });
}

BenchPool::~BenchPool() { host_->stop(pool::Pool::Stop::at_once, std::chrono::seconds(10)); }

std::uint64_t BenchPool::submit(const std::string& task, const std::string& arguments, base::Duration timeout) {
    const auto id = pool_->resolve(task);
    if (!id) std::abort();
    const auto text = std::make_shared<const std::string>(arguments);
    pool::CallRequest request;
    request.task = *id;
    request.timeout = timeout;
    request.arguments.encoding = wire::Encoding::json;
    request.arguments.slice = {text, std::as_bytes(std::span(*text))};
    const std::uint64_t call = next_++;
    ids_[call] = pool_->submit(std::move(request), *this, call);
    return call;
}

const Came& BenchPool::wait_for(std::uint64_t call) {
    wait_until([&] { return came_.contains(call); });
    return came_.at(call);
}

void BenchPool::on_outcome(pool::Outcome outcome) {
    Came came{base::Clock::now(), "value", {}, outcome.worker ? outcome.worker->pid : 0};
    if (outcome.error != nullptr) {
        came.kind = wire::kind_name(outcome.error->details);
        if (const auto* const lost = std::get_if<wire::WorkerLost>(&outcome.error->details)) {
            came.cause = wire::cause_name(lost->cause);
        }
    }
    came_.emplace(outcome.tag, std::move(came));
}

}  // namespace poolhost::bench
