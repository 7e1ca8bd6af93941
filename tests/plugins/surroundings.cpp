// SPDX-License-Identifier: Apache-2.0
// No vice: it says what its process is like, so that tests can compare start methods, and which hooks have run where.
#include <poolhost/sdk.hpp>

#include <sys/resource.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

std::vector<std::string> hooks_run;

void note_hook(const char* name) { hooks_run.push_back(std::string(name) + " " + std::to_string(::getpid())); }

std::optional<std::string> environment(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

// What each open descriptor leads to, by its number; the one that reads this list is left out.
std::map<std::string, std::string> descriptors() {
    std::map<std::string, std::string> open;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone);
        const bool listing = target.string().starts_with("/proc/") && target.filename() == "fd";
        if (!gone && !listing) open[entry.path().filename().string()] = target.string();
    }
    return open;
}

std::vector<std::int32_t> blocked_signals() {
    sigset_t blocked;
    ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    std::vector<std::int32_t> numbers;
    for (std::int32_t signal = 1; signal < NSIG; ++signal)
        if (sigismember(&blocked, signal) == 1) numbers.push_back(signal);
    return numbers;
}

std::vector<std::int32_t> ignored_signals() {
    std::vector<std::int32_t> numbers;
    for (std::int32_t signal = 1; signal < NSIG; ++signal) {
        struct sigaction action;
        if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) numbers.push_back(signal);
    }
    return numbers;
}

std::uint64_t open_files_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

}  // namespace

POOLHOST_PLUGIN(
    surroundings, "1.0.0", "What this process is like.",
    poolhost::task("process", [] { return static_cast<std::int64_t>(::getpid()); }).doc("Its id."),
    poolhost::task("parent", [] { return static_cast<std::int64_t>(::getppid()); }).doc("Its parent's id."),
    poolhost::task("group", [] { return static_cast<std::int64_t>(::getpgrp()); }).doc("Its process group."),
    poolhost::task("rank", [](poolhost::context& context) { return context.worker_index(); })
        .doc("Its rank in the pool."),
    poolhost::task("environment", environment, "name").doc("The value of a variable."),
    poolhost::task("directory", [] { return std::filesystem::current_path().string(); }).doc("Where it works."),
    poolhost::task("descriptors", descriptors).doc("Its open descriptors."),
    poolhost::task("blocked_signals", blocked_signals).doc("The signals that it blocks."),
    poolhost::task("ignored_signals", ignored_signals).doc("The signals that it ignores."),
    poolhost::task("open_files_limit", open_files_limit).doc("The soft limit."),
    poolhost::task("niceness", [] { return ::getpriority(PRIO_PROCESS, 0); }).doc("Its nice value."),
    poolhost::task("hooks", [] { return hooks_run; }).doc("Each hook that has run and the process that it ran in."),
    poolhost::on_preload([](poolhost::preload_context&) { note_hook("preload"); }),
    poolhost::on_start([](poolhost::worker_context&) { note_hook("start"); }))
