// SPDX-License-Identifier: Apache-2.0
#include "process/child_setup.hpp"

#include "process/worker_role.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

// Every source is first copied to a number from here on, so that no target overwrites another's source.
constexpr int scratch_number = 10;
constexpr int first_other_number = lifeline_number + 1;

bool die_with(pid_t host) {
    if (::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(SIGKILL), 0UL, 0UL, 0UL) != 0) return false;
    // The signal is not sent for a parent that was gone before it was asked for.
    if (::getppid() == host) return true;
    errno = ESRCH;
    return false;
}

// Reopened, because the owner and the signal belong to the open file description, and each child needs its own.
int reopen(int fd) {
    char path[32];
    std::snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return ::open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

bool place_descriptors(const Endowment& from) {
    const int lifeline = reopen(from.lifeline);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int numbers[5] = {nothing, from.output, from.errors, from.socket, lifeline};
    int copies[5];
    for (int i = 0; i < 5; ++i) {
        copies[i] = ::fcntl(numbers[i], F_DUPFD_CLOEXEC, scratch_number);
        if (copies[i] < 0) return false;
    }
    for (int i = 0; i < 5; ++i) {
        if (::dup2(copies[i], i) != i) return false;
    }
    return true;
}

// The kernel sends SIGKILL to the whole group when the last writing end is closed, that is when the host has vanished.
bool arm_lifeline() {
    if (::fcntl(lifeline_number, F_SETOWN, -::getpgrp()) != 0) return false;
    if (::fcntl(lifeline_number, F_SETSIG, SIGKILL) != 0) return false;
    if (::fcntl(lifeline_number, F_SETFL, O_NONBLOCK | O_ASYNC) != 0) return false;
    // Nobody writes to it: end of file means that the host was gone before. poll() would not say so, since a FIFO that
    // was opened after its last writer went away reports no hang-up.
    char byte = 0;
    if (::read(lifeline_number, &byte, 1) < 0 && errno == EAGAIN) return true;
    errno = ESRCH;
    return false;
}

bool close_others(OtherDescriptors others) {
    const int flags = others == OtherDescriptors::close_on_exec ? static_cast<int>(CLOSE_RANGE_CLOEXEC) : 0;
    return ::close_range(first_other_number, ~0U, flags) == 0;
}

void reset_dispositions() {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &action, nullptr);
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
}

bool unblock_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    return ::sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
}

bool restore_open_files(const std::optional<rlim_t>& soft) {
    if (!soft) return true;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    limit.rlim_cur = *soft;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

// Best effort: where it cannot be written, the kernel merely chooses by size.
void prefer_as_oom_victim(const std::optional<int>& score) {
    const int fd = score ? ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC) : -1;
    if (fd < 0) return;
    char text[16] = {};
    const int length = std::snprintf(text, sizeof text, "%d", *score);
    [[maybe_unused]] const auto written = ::write(fd, text, static_cast<std::size_t>(length));
    ::close(fd);
}

}  // namespace

SetUp set_up_child(const Endowment& endowment, OtherDescriptors others) noexcept {
    const int errors = endowment.errors;
    if (endowment.lifeline_holder >= 0) ::close(endowment.lifeline_holder);
    if (::setpgid(0, 0) != 0) return {"leading a process group", errors};
    if (!die_with(endowment.host)) return {"being a child of the host", errors};
    if (!place_descriptors(endowment)) return {"placing the descriptors", errors};
    if (!arm_lifeline()) return {"holding the lifeline", STDERR_FILENO};
    if (!close_others(others)) return {"closing other descriptors", STDERR_FILENO};
    prefer_as_oom_victim(endowment.oom_score);
    if (!restore_open_files(endowment.open_files)) return {"restoring the limit of open files", STDERR_FILENO};
    reset_dispositions();
    if (!unblock_signals()) return {"unblocking the signals", STDERR_FILENO};
    return {nullptr, STDERR_FILENO};
}

void die_at_birth(const SetUp& failure) noexcept {
    char text[160];
    const int length = std::snprintf(text, sizeof text, "poolhost: a worker was not set up: %s: %s\n",
                                     failure.failed_step, ::strerrordesc_np(errno));
    [[maybe_unused]] const auto written = ::write(failure.errors, text, static_cast<std::size_t>(length));
    ::_exit(birth_failed_exit_code);
}

}  // namespace poolhost::process
