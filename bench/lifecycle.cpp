// SPDX-License-Identifier: Apache-2.0
// What a caller sees of each fault, and how long until the pool is whole again: the table of docs/lifecycle.md.
//
// bench_lifecycle [REPETITIONS]: medians of so many (20) repetitions, each on a pool of one worker. "told": from the
// fault to the failed call's outcome. "whole": from the fault until the replacement has run a call that was submitted
// right behind it.
#include "bench_pool.hpp"
#include "process/threads.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>

#include <signal.h>

namespace poolhost::bench {
namespace {

using namespace std::chrono_literals;
using base::TimePoint;

/// One fault, once.
struct Seen {
    TimePoint fault;
    std::optional<Came> failed;  // of the call that it hit, where it hits one
    TimePoint whole;
};

struct Fault {
    const char* name;
    std::function<void(config::PoolConfig&)> configure;
    std::function<Seen(BenchPool&)> happen;
};

pid_t worker_of(BenchPool& pool) { return pool->workers().front()->pid(); }

std::uint64_t running(BenchPool& pool, const std::string& task, base::Duration timeout = {}) {
    const std::uint64_t call = pool.submit(task, "[]", timeout);
    pool.wait_until([&] { return pool->workers().front()->running() != nullptr; });
    return call;
}

// The next call tells when somebody is there for it.
TimePoint whole_again(BenchPool& pool) { return pool.wait_for(pool.submit("echo.int64", "[1]")).at; }

Seen idle_worker_gets(BenchPool& pool, int signal) {
    const TimePoint fault = base::Clock::now();
    ::kill(worker_of(pool), signal);
    return {fault, std::nullopt, whole_again(pool)};
}

Seen busy_worker_gets(BenchPool& pool, int signal) {
    const std::uint64_t call = running(pool, "hang.sleep");
    const TimePoint fault = base::Clock::now();
    ::kill(worker_of(pool), signal);
    const TimePoint whole = whole_again(pool);
    return {fault, pool.wait_for(call), whole};
}

Seen task_dies(BenchPool& pool, const std::string& task, const std::string& arguments) {
    const TimePoint fault = base::Clock::now();
    const std::uint64_t call = pool.submit(task, arguments);
    const TimePoint whole = whole_again(pool);
    return {fault, pool.wait_for(call), whole};
}

Seen task_exceeds(BenchPool& pool, const std::string& task) {
    constexpr base::Duration limit = 20ms;
    const TimePoint begun = base::Clock::now();
    const std::uint64_t call = pool.submit(task, "[]", limit);
    const TimePoint whole = whole_again(pool);
    return {begun + limit, pool.wait_for(call), whole};
}

Seen running_call_is_cancelled(BenchPool& pool) {
    const std::uint64_t call = running(pool, "hang.spin_deaf");
    const TimePoint fault = base::Clock::now();
    pool->cancel(pool.id_of(call));
    const TimePoint whole = whole_again(pool);
    return {fault, pool.wait_for(call), whole};
}

Seen template_dies(BenchPool& pool) {
    // Whatever else is our child is the fork server, where there is one.
    const std::vector<pid_t> processes = process::children();
    const TimePoint fault = base::Clock::now();
    for (const pid_t pid : processes) ::kill(pid, SIGKILL);
    return {fault, std::nullopt, whole_again(pool)};
}

const std::vector<Fault>& faults() {
    static const std::vector<Fault> all{
        {"SIGKILL, idle", {}, [](BenchPool& pool) { return idle_worker_gets(pool, SIGKILL); }},
        {"SIGKILL in a task", {}, [](BenchPool& pool) { return busy_worker_gets(pool, SIGKILL); }},
        {"abort() in a task", {}, [](BenchPool& pool) { return task_dies(pool, "crash.abort", "[]"); }},
        {"segmentation fault", {}, [](BenchPool& pool) { return task_dies(pool, "crash.segv", "[]"); }},
        {"stack overflow", {}, [](BenchPool& pool) { return task_dies(pool, "crash.overflow_stack", "[]"); }},
        {"exit(3) in a task", {}, [](BenchPool& pool) { return task_dies(pool, "crash.exit_at_once", "[3]"); }},
        {"timeout, deaf task", {}, [](BenchPool& pool) { return task_exceeds(pool, "hang.spin"); }},
        {"timeout, stopped task", {}, [](BenchPool& pool) { return task_exceeds(pool, "hang.stop"); }},
        {"cancelled, deaf task", {}, running_call_is_cancelled},
        {"SIGSTOP, idle", [](config::PoolConfig& config) { config.start_timeout = 300ms; },
         [](BenchPool& pool) { return idle_worker_gets(pool, SIGSTOP); }},
        {"recycled after a task", [](config::PoolConfig& config) { config.recycle.tasks = 1; },
         [](BenchPool& pool) { return task_dies(pool, "echo.int64", "[1]"); }},
        {"SIGKILL, worker and fork server", {}, template_dies},
    };
    return all;
}

config::PoolConfig pool_for(const Fault& fault, base::StartMethod method) {
    config::PoolConfig config;
    config.start_method = method;
    config.processes = {1, 1, 30s, false};
    config.grace = 0ms;
    config.quarantine = 0;
    config.restart.max = 1000;  // deaths while idle are what is measured
    if (fault.configure) fault.configure(config);
    return config;
}

double median_ms(std::vector<base::Duration> times) {
    if (times.empty()) return -1;
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::ranges::nth_element(times, middle);
    return std::chrono::duration<double, std::milli>(*middle).count();
}

void measure(const Fault& fault, base::StartMethod method, int repetitions) {
    BenchPool pool(pool_for(fault, method), {"echo", "crash", "hang"});
    std::vector<base::Duration> told;
    std::vector<base::Duration> whole;
    std::string seen = "nothing";
    for (int i = 0; i < repetitions; ++i) {
        pool.wait_until([&] { return pool->working() == 1 && pool->workers().size() == 1; });
        const Seen once = fault.happen(pool);
        whole.push_back(once.whole - once.fault);
        if (!once.failed) continue;
        told.push_back(once.failed->at - once.fault);
        seen = once.failed->kind + (once.failed->cause.empty() ? "" : ", " + once.failed->cause);
    }
    const std::string name(base::name_of(method));
    std::printf("| %s | %s | %s | ", fault.name, name.c_str(), seen.c_str());
    told.empty() ? std::printf("– | ") : std::printf("%.2f | ", median_ms(told));
    std::printf("%.2f |\n", median_ms(whole));
    std::fflush(stdout);
}

}  // namespace
}  // namespace poolhost::bench

int main(int argc, char** argv) {
    using namespace poolhost;
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 20;
    if (repetitions <= 0) {
        std::fputs("usage: bench_lifecycle [REPETITIONS]\n", stderr);
        return 2;
    }
    std::puts("| fault | start method | the caller sees | told, ms | whole, ms |");
    std::puts("| --- | --- | --- | --- | --- |");
    for (const bench::Fault& fault : bench::faults()) {
        for (const base::StartMethod method : base::all_start_methods) bench::measure(fault, method, repetitions);
    }
}
