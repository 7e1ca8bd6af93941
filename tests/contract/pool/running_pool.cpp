// SPDX-License-Identifier: Apache-2.0
#include "contract/pool/running_pool.hpp"

#include "starters.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace poolhost::test {

RunningPool::RunningPool(base::StartMethod method, const std::vector<std::string>& plugins, config::PoolConfig config,
                         const std::filesystem::path& capsules, const std::filesystem::path& aftermath_program) {
    const cli::Wiring wiring{make_starters(POOLHOST_WORKER_PROGRAM), POOLHOST_WORKER_PROGRAM, aftermath_program};
    auto host = cli::PrivateHost::create(wiring, [](int) {});
    if (!host) throw std::runtime_error(host.error().message);
    host_ = std::move(*host);
    config.name = "tested";
    config.start_method = method;
    if (config.processes.automatic) config.processes = {2, 2, std::chrono::seconds(30), false};
    for (const std::string& plugin : plugins) {
        const std::filesystem::path file = std::string(POOLHOST_TEST_PLUGINS) + "/lib" + plugin + ".so";
        config.plugins.push_back({file.string(), file});
    }
    config::HostConfig whole;
    whole.pools.push_back(std::move(config));
    whole.capsules.dir = capsules;
    whole.capsules.max = capsules.empty() ? 0 : 100;
    auto plan = cli::plan_configuration(std::move(whole));
    if (!plan) throw std::runtime_error(plan.error().message);
    auto started = host_->start_pool(plan->pools.front(), *this, plan->config);
    if (!started) throw std::runtime_error(started.error().message);
    pool_ = *started;
}

RunningPool::~RunningPool() {
    if (pool_ != nullptr) stop(pool::Pool::Stop::at_once);
}

void RunningPool::stop(pool::Pool::Stop how) {
    host_->stop(how, std::chrono::seconds(30));
    pool_ = nullptr;
}

std::uint64_t RunningPool::submit(const std::string& task, const std::string& arguments, pool::CallRequest request) {
    const auto id = pool_->resolve(task);
    if (!id) throw std::runtime_error(id.error().message);
    const auto text = std::make_shared<const std::string>(arguments);
    request.task = *id;
    request.arguments.encoding = wire::Encoding::json;
    request.arguments.slice = {text, std::as_bytes(std::span(*text))};
    const std::uint64_t tag = next_tag_++;
    ids_[tag] = pool_->submit(std::move(request), *this, tag);
    return tag;
}

const Seen& RunningPool::wait_for(std::uint64_t tag) {
    wait_until([&] { return seen_.contains(tag); });
    return seen_.at(tag);
}

Seen RunningPool::call(const std::string& task, const std::string& arguments, pool::CallRequest request) {
    return wait_for(submit(task, arguments, std::move(request)));
}

void RunningPool::wait_for_all() {
    wait_until([&] { return seen_.size() == next_tag_; });
}

void RunningPool::on_outcome(pool::Outcome outcome) {
    Seen seen;
    seen.value.assign(reinterpret_cast<const char*>(outcome.value.data()), outcome.value.size());
    if (outcome.error != nullptr) seen.error = *outcome.error;
    seen.worker = outcome.worker;
    seen.attempt = outcome.attempt;
    seen.run = outcome.run;
    const bool first = seen_.emplace(outcome.tag, std::move(seen)).second;
    EXPECT_TRUE(first) << "a second outcome for call " << outcome.tag;
}

void RunningPool::on_worker_line(const pool::WorkerLine& line) {
    using Stream = pool::WorkerLine::Stream;
    Heard heard{line.index, line.pid, line.call, std::string(line.task), line.stream, std::string(line.text)};
    const char* const stream = line.stream == Stream::output   ? "stdout"
                               : line.stream == Stream::errors ? "stderr"
                                                               : "log";
    lines_.push_back(std::to_string(line.index) + " " + heard.task + " " + stream + ": " + heard.text);
    heard_.push_back(std::move(heard));
}

void RunningPool::on_log(std::string_view, std::int32_t, std::string_view text) { lines_.emplace_back(text); }

ScratchFolder::ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "poolhost-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
}
ScratchFolder::~ScratchFolder() {
    std::error_code left_over;
    std::filesystem::remove_all(path_, left_over);
}

std::vector<pid_t> children() {
    std::ifstream list("/proc/self/task/" + std::to_string(::getpid()) + "/children");
    std::vector<pid_t> pids;
    for (pid_t pid = 0; list >> pid;) pids.push_back(pid);
    return pids;
}

}  // namespace poolhost::test
