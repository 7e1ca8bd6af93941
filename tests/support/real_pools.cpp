// SPDX-License-Identifier: Apache-2.0
#include "support/real_pools.hpp"

#include <filesystem>
#include <stdexcept>

namespace poolhost::test {
namespace {

template <class T>
T value_or_throw(base::Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
}

}  // namespace

RealPools::RealPools(cli::Wiring wiring, std::function<void(std::string_view)> on_said)
    : on_said_(std::move(on_said)), host_(value_or_throw(cli::PrivateHost::create(std::move(wiring), [](int) {}))) {}

RealPools::~RealPools() {
    if (!pools_.empty()) stop(pool::Pool::Stop::at_once);
}

pool::Pool& RealPools::start(config::PoolConfig config, const std::vector<std::string>& plugins) {
    for (const std::string& plugin : plugins) {
        const std::filesystem::path file = std::string(POOLHOST_TEST_PLUGINS) + "/lib" + plugin + ".so";
        config.plugins.push_back({file.string(), file});
    }
    config::HostConfig whole;
    whole.capsules.max = 0;
    whole.pools.push_back(std::move(config));
    const cli::Plan plan = value_or_throw(cli::plan_configuration(std::move(whole)));
    pools_.push_back(value_or_throw(host_->start_pool(plan.pools.front(), *this, plan.config)));
    return *pools_.back();
}

pool::CallId RealPools::submit(pool::Pool& pool, const std::string& task, std::string arguments, OnOutcome on_outcome,
                               pool::CallRequest request) {
    const auto id = pool.resolve(task);
    if (!id) throw std::runtime_error(id.error().message);
    const auto text = std::make_shared<const std::string>(std::move(arguments));
    request.task = *id;
    request.arguments.encoding = wire::Encoding::json;
    request.arguments.slice = {text, std::as_bytes(std::span(*text))};
    const std::uint64_t tag = next_tag_++;
    open_.emplace(tag, std::move(on_outcome));
    return pool.submit(std::move(request), *this, tag);
}

void RealPools::stop(pool::Pool::Stop how) {
    host_->stop(how, std::chrono::seconds(30));
    pools_.clear();
}

void RealPools::check_counters() {
    for (const pool::Pool* pool : pools_) {
        if (!pool->counters().balanced()) faults_.push_back("the counters of " + pool->name() + " do not balance");
    }
}

void RealPools::on_outcome(pool::Outcome outcome) {
    const auto found = open_.extract(outcome.tag);
    if (found.empty()) {
        faults_.push_back("a second outcome for call " + std::to_string(outcome.tag));
        return;
    }
    found.mapped()(outcome);
}

void RealPools::on_worker_line(const pool::WorkerLine& line) { on_said_(line.text); }

void RealPools::on_log(std::string_view, std::int32_t, std::string_view text) { on_said_(text); }

}  // namespace poolhost::test
