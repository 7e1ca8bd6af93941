// SPDX-License-Identifier: Apache-2.0
#include "worker/worker_facts.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

namespace fs = std::filesystem;

value::list numbers_of(std::vector<std::int64_t> numbers) {
    std::ranges::sort(numbers);
    return {numbers.begin(), numbers.end()};
}

value::list descriptors() {
    std::vector<std::int64_t> found;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd", gone)) {
        found.push_back(std::stoi(entry.path().filename()));
    }
    // One of them was the listing's own, and is closed again.
    std::erase_if(found, [](std::int64_t fd) { return ::fcntl(static_cast<int>(fd), F_GETFD) < 0; });
    return numbers_of(std::move(found));
}

// The words after "Name:" in such a file as /proc/self/status.
std::string proc_field(const char* file, std::string_view name) {
    std::ifstream fields(file);
    for (std::string line; std::getline(fields, line);) {
        if (!line.starts_with(name)) continue;
        const std::size_t start = line.find_first_not_of(": \t", name.size());
        return start == std::string::npos ? std::string() : line.substr(start);
    }
    return {};
}

// A mask such as "SigBlk" as signal numbers.
value::list signals(std::string_view field) {
    const std::string text = proc_field("/proc/self/status", field);
    std::uint64_t mask = 0;
    std::from_chars(text.data(), text.data() + text.size(), mask, 16);
    std::vector<std::int64_t> numbers;
    for (int signal = 1; signal <= 64; ++signal) {
        if ((mask >> (signal - 1) & 1) != 0) numbers.push_back(signal);
    }
    return numbers_of(std::move(numbers));
}

value::list affinity() {
    constexpr std::size_t most_cpus = 8192;
    std::vector<cpu_set_t> set(CPU_ALLOC_SIZE(most_cpus) / sizeof(cpu_set_t));
    const std::size_t size = set.size() * sizeof(cpu_set_t);
    std::vector<std::int64_t> cpus;
    if (::sched_getaffinity(0, size, set.data()) != 0) return {};
    for (std::size_t cpu = 0; cpu < most_cpus; ++cpu) {
        if (CPU_ISSET_S(cpu, size, set.data())) cpus.push_back(static_cast<std::int64_t>(cpu));
    }
    return numbers_of(std::move(cpus));
}

value limit(__rlimit_resource resource) {
    rlimit limit{};
    ::getrlimit(resource, &limit);
    return limit.rlim_cur == RLIM_INFINITY ? value() : value(limit.rlim_cur);
}

// Bytes that no other process shares: what this worker costs beyond its template and its libraries.
std::int64_t private_memory() {
    std::int64_t kibibytes = 0;
    for (const std::string_view name : {"Private_Clean", "Private_Dirty"}) {
        const std::string text = proc_field("/proc/self/smaps_rollup", name);
        std::int64_t amount = 0;
        std::from_chars(text.data(), text.data() + text.size(), amount);
        kibibytes += amount;
    }
    return kibibytes * 1024;
}

std::int64_t thread_count() {
    std::error_code gone;
    return std::distance(fs::directory_iterator("/proc/self/task", gone), fs::directory_iterator());
}

}  // namespace

value::map worker_facts() {
    std::error_code gone;
    return {{"pid", ::getpid()},
            {"ppid", ::getppid()},
            {"pgid", ::getpgrp()},
            {"working_directory", fs::current_path(gone).string()},
            {"descriptors", descriptors()},
            {"blocked_signals", signals("SigBlk")},
            {"ignored_signals", signals("SigIgn")},
            {"caught_signals", signals("SigCgt")},
            {"nice", ::getpriority(PRIO_PROCESS, 0)},
            {"cpu_affinity", affinity()},
            {"threads", thread_count()},
            {"private_memory", private_memory()},
            {"limits", value::map{{"memory", limit(RLIMIT_DATA)},
                                  {"open_files", limit(RLIMIT_NOFILE)},
                                  {"stack", limit(RLIMIT_STACK)},
                                  {"core", limit(RLIMIT_CORE)}}}};
}

}  // namespace poolhost::worker
