// SPDX-License-Identifier: Apache-2.0
#include "chaos/havoc.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include <signal.h>
#include <unistd.h>

namespace poolhost::chaos {
namespace {

using namespace std::chrono_literals;

// A stopped worker that nobody lets go on costs its pool a worker for as long as its start_timeout.
constexpr std::size_t one_left_stopped_in = 8;

std::vector<pid_t> children() {
    std::ifstream list("/proc/self/task/" + std::to_string(::getpid()) + "/children");
    std::vector<pid_t> pids;
    for (pid_t pid = 0; list >> pid;) pids.push_back(pid);
    return pids;
}

bool is_fork_server(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
    std::string command;
    std::getline(file, command);
    return command.find(std::string("\0fork-server", 12)) != std::string::npos;
}

}  // namespace

void Havoc::turn(base::TimePoint now) {
    wake_stopped(now);
    switch (dice_.below(60)) {
        case 0:
        case 1:
            return signal_worker(SIGKILL, "killed a worker");
        case 2:
            return signal_worker(SIGTERM, "terminated a worker");
        case 3:
        case 4:
            return stop_worker(now);
        case 5:
            return dice_.one_in(4) ? kill_fork_server() : void();
        case 6:
            return stall_loop();
        case 7:
        case 8:
        case 9:
            return loads_[dice_.below(loads_.size())]->cancel_one(dice_);
        default:
            return;
    }
}

pid_t Havoc::any_worker() {
    std::vector<pid_t> pids;
    for (const pool::Pool* pool : pools_) {
        for (const pool::Worker* worker : pool->workers()) {
            if (worker->born()) pids.push_back(worker->pid());
        }
    }
    return pids.empty() ? 0 : pids[dice_.below(pids.size())];
}

// A worker that is not buried yet keeps its pid, so no stranger is hit.
bool Havoc::is_worker(pid_t pid) const {
    return std::ranges::any_of(pools_, [pid](const pool::Pool* pool) {
        return std::ranges::any_of(pool->workers(), [pid](const pool::Worker* worker) { return worker->pid() == pid; });
    });
}

void Havoc::signal_worker(int signal, const char* what) {
    const pid_t pid = any_worker();
    if (pid <= 0) return;
    ++tally_->havoc[what];
    ::kill(pid, signal);
}

void Havoc::stop_worker(base::TimePoint now) {
    const pid_t pid = any_worker();
    if (pid <= 0) return;
    ++tally_->havoc["stopped a worker"];
    ::kill(pid, SIGSTOP);
    if (!dice_.one_in(one_left_stopped_in)) stopped_.emplace(now + 1ms * dice_.below(120), pid);
}

void Havoc::wake_stopped(base::TimePoint now) {
    while (!stopped_.empty() && stopped_.begin()->first <= now) {
        if (is_worker(stopped_.begin()->second)) ::kill(stopped_.begin()->second, SIGCONT);
        stopped_.erase(stopped_.begin());
    }
}

void Havoc::relent() { wake_stopped(base::TimePoint::max()); }

void Havoc::kill_fork_server() {
    for (const pid_t pid : children()) {
        if (!is_fork_server(pid) || dice_.one_in(2)) continue;
        ++tally_->havoc["killed a fork server"];
        ::kill(pid, SIGKILL);
        return;
    }
}

void Havoc::stall_loop() {
    ++tally_->havoc["stalled the loop"];
    std::this_thread::sleep_for(1ms * (1 + dice_.below(40)));
}

}  // namespace poolhost::chaos
