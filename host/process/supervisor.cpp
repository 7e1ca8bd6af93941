// SPDX-License-Identifier: Apache-2.0
#include "process/supervisor.hpp"

#include "process/supervision.hpp"
#include "process/threads.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <utility>

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

// One a process, for its lifetime: the kernel's notions behind it (subreaper, mask, limit) are the process's, too.
std::unique_ptr<Supervision>& current() {
    static auto* const supervision_of_this_process = new std::unique_ptr<Supervision>;
    return *supervision_of_this_process;
}

base::Result<rlim_t> raise_open_files() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return base::system_error("cannot read the limit of open files");
    const rlim_t before = std::exchange(limit.rlim_cur, limit.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return base::system_error("cannot raise the limit of open files");
    return before;
}

// 500 stands for half of the machine's memory. A worker's own children have the same, and so have fork servers.
int score_of_workers() {
    constexpr int more_than_the_host = 500;
    constexpr int most = 1000;
    int own = 0;
    std::ifstream("/proc/self/oom_score_adj") >> own;
    return std::min(own + more_than_the_host, most);
}

// A blocked signal of a faulting instruction would kill at once, without what a crash handler has to say.
sigset_t signals_to_block() {
    sigset_t set;
    ::sigfillset(&set);
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) ::sigdelset(&set, signal);
    return set;
}

}  // namespace

base::Result<const Supervision*> supervision() {
    const auto& own = current();
    if (own && own->host == ::getpid()) return own.get();
    return base::Error{"this process starts no workers: it has not become a supervisor"};
}

base::Result<void> become_supervisor() {
    if (supervision()) return {};
    if (auto single = require_single_thread("cannot supervise workers"); !single) return single;
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) != 0) {
        return base::system_error("cannot become a child subreaper");
    }
    auto lifeline = base::make_pipe();
    if (!lifeline) return lifeline.error();
    const auto open_files = raise_open_files();
    if (!open_files) return open_files.error();
    const sigset_t blocked = signals_to_block();
    if (::sigprocmask(SIG_BLOCK, &blocked, nullptr) != 0) return base::system_error("cannot block signals");
    current() = std::make_unique<Supervision>(Supervision{
        ::getpid(), std::move(lifeline->first), std::move(lifeline->second), *open_files, score_of_workers()});
    return {};
}

}  // namespace poolhost::process
