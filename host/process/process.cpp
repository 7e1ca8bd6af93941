// SPDX-License-Identifier: Apache-2.0
#include "process/process.hpp"

#include "process/pidfd.hpp"
#include "process/threads.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>
#include <unordered_set>
#include <utility>

#include <poll.h>
#include <sys/wait.h>

namespace poolhost::process {
namespace {

// The unreaped children that some Process holds; all other children are orphans that were adopted. Never destroyed,
// since static objects may hold processes.
std::unordered_set<pid_t>& held() {
    static auto* const pids = new std::unordered_set<pid_t>;
    return *pids;
}

std::string named(pid_t pid) { return "process " + std::to_string(pid); }

struct Report {
    int error = 0;
    siginfo_t info{};
};

Report wait_for(idtype_t type, int id, int options) {
    Report report;
    int outcome = -1;
    do {
        outcome = ::waitid(type, static_cast<id_t>(id), &report.info, WEXITED | options);
    } while (outcome != 0 && errno == EINTR);
    if (outcome != 0) report.error = errno;
    return report;
}

void wait_until_readable(int fd) {
    pollfd entry{fd, POLLIN, 0};
    while (::poll(&entry, 1, -1) < 0 && errno == EINTR) {
    }
}

}  // namespace

Process::Process(pid_t pid, base::UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) { held().insert(pid); }

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)), status_(other.status_) {}

Process& Process::operator=(Process&& other) noexcept {
    if (this == &other) return *this;
    if (pid_ > 0 && !reaped()) base::bug(named(pid_) + " was replaced before it was reaped");
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
    status_ = other.status_;
    return *this;
}

Process::~Process() {
    if (pid_ > 0 && !reaped()) base::bug(named(pid_) + " was let go before it was reaped");
}

base::Result<Process> Process::of_child(pid_t pid) {
    if (pid <= 0) return base::Error{named(pid) + " cannot be a child"};
    base::UniqueFd pidfd(::pidfd_open(pid, 0));
    if (!pidfd) return base::system_error("cannot open " + named(pid));
    if (held().contains(pid)) return base::Error{named(pid) + " is held already"};
    if (const auto report = wait_for(P_PIDFD, pidfd.get(), WNOHANG | WNOWAIT); report.error != 0) {
        return base::system_error(named(pid) + " is not a child of this process", report.error);
    }
    return Process(pid, std::move(pidfd));
}

void Process::require_unreaped() const {
    if (pid_ <= 0) base::bug("an empty process handle was used");
    if (reaped()) base::bug(named(pid_) + " was signalled after it was reaped");
}

void Process::kill(int signal) const {
    require_unreaped();
    // Its only failures here are an ended process and a signal number that does not exist.
    ::pidfd_send_signal(pidfd_.get(), signal, nullptr, 0);
}

void Process::kill_group(int signal) const {
    require_unreaped();
    ::kill(-pid_, signal);
    if (signal == SIGKILL) kill(signal);  // even where it changed its group
}

bool Process::is_ending() const {
    constexpr unsigned long exiting = 4;  // PF_EXITING of linux/sched.h
    std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
    std::string text;
    std::getline(file, text);
    // The name in parentheses may hold anything; behind it: state, four ids, tpgid, flags.
    std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
    std::string state;
    std::array<long, 5> ids{};
    unsigned long flags = 0;
    fields >> state;
    for (long& id : ids) fields >> id;
    fields >> flags;
    return fields && (flags & exiting) != 0;
}

void Process::kill_and_leave() {
    kill_group(SIGKILL);
    // Where it has ended already, nobody will be told of that again.
    if (!try_reap()) held().erase(pid_);
    pid_ = -1;
    pidfd_.reset();
}

std::optional<ExitStatus> Process::wait(int options) {
    if (reaped()) return status_;
    if (pid_ <= 0) base::bug("an empty process handle was waited for");
    const auto report = wait_for(P_PIDFD, pidfd_.get(), options);
    if (report.error != 0) {
        base::bug(base::system_error("somebody else reaped " + named(pid_), report.error).message);
    }
    if (report.info.si_pid == 0) return std::nullopt;
    held().erase(pid_);
    status_ = exit_status_of(report.info);
    return status_;
}

std::optional<ExitStatus> Process::try_reap() { return wait(WNOHANG); }

ExitStatus Process::reap() {
    // Polled first: waitid() does not wait on a pidfd that somebody made non-blocking, as event loops do.
    while (!wait(WNOHANG)) wait_until_readable(pidfd_.get());
    return *status_;
}

int reap_orphans() {
    // Mostly nothing has ended but what a Process holds; the list of all children is read only where something has.
    const auto first = wait_for(P_ALL, 0, WNOHANG | WNOWAIT);
    if (first.error != 0 || first.info.si_pid == 0) return 0;
    int count = 0;
    for (const pid_t child : children()) {
        if (held().contains(child)) continue;
        const auto report = wait_for(P_PID, child, WNOHANG);
        if (report.error == 0 && report.info.si_pid != 0) ++count;
    }
    return count;
}

}  // namespace poolhost::process
