// SPDX-License-Identifier: Apache-2.0
#include "process/step_guard.hpp"

#include "process/fork_server_words.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

constexpr std::array fault_signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
constexpr std::array interrupt_signals{SIGINT, SIGTERM, SIGHUP};
constexpr int interrupted_exit_code = 130;

// Handlers know nothing but these. `active` is empty while nothing is guarded.
const LastReport* volatile active = nullptr;
LastReport report;
alignas(16) char handler_stack[std::size_t{64} * 1024];

int time_signal() { return SIGRTMAX - 1; }

/// A text of bounded length, put together without allocating.
class Line {
public:
    Line& operator<<(const char* text) {
        const std::size_t size = std::min(std::strlen(text), space_.size() - size_);
        std::memcpy(space_.data() + size_, text, size);
        size_ += size;
        return *this;
    }
    Line& operator<<(int number) {
        char text[16];
        std::snprintf(text, sizeof text, "%d", number);
        return *this << text;
    }
    [[nodiscard]] const char* data() const { return space_.data(); }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    std::array<char, 2048> space_{};
    std::size_t size_ = 0;
};

void copy_caught(int from, int to) {
    char space[4096];
    off_t at = 0;
    for (ssize_t size = 0; (size = ::pread(from, space, sizeof space, at)) > 0; at += size) {
        if (::write(to, space, static_cast<std::size_t>(size)) != size) return;
    }
}

void write_line(const Line& line) {
    for (const int memory : report.caught) {
        if (memory >= 0) copy_caught(memory, report.errors);
    }
    [[maybe_unused]] const auto written = ::write(report.errors, line.data(), line.size());
}

void tell_host(const char* what, const char* how) {
    Line line;
    const char word[2] = {static_cast<char>(Word::failure), '\0'};
    line << word << what << how;
    ::send(report.to_host, line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void tell(const char* how) {
    active = nullptr;
    Line line;
    line << report.before << report.step << how << report.after << "\n";
    if (report.errors >= 0) write_line(line);
    if (report.to_host >= 0) tell_host(report.step, how);
}

void on_fault(int signal) {
    if (active != nullptr) {
        Line how;
        const char* const name = ::sigabbrev_np(signal);
        how << " crashed: SIG" << (name != nullptr ? name : "?");
        tell(how.data());
    }
    if (report.exit_code) ::_exit(*report.exit_code);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

void on_time(int) {
    tell(" did not end within start_timeout");
    ::_exit(*report.exit_code);
}

void on_interrupt(int) { ::_exit(interrupted_exit_code); }

void on_exit_call(int code, void*) {
    if (active == nullptr || !report.exit_code) return;
    Line how;
    how << " called exit(" << code << ")";
    tell(how.data());
    ::_exit(*report.exit_code);
}

}  // namespace

StepGuard::StepGuard(const LastReport& to_report) {
    static const int registered = ::on_exit(on_exit_call, nullptr);
    static_cast<void>(registered);
    report = to_report;
    ::sigprocmask(SIG_SETMASK, nullptr, &mask_before_);
    stack_t stack{};
    stack.ss_sp = handler_stack;
    stack.ss_size = sizeof handler_stack;
    ::sigaltstack(&stack, &stack_before_);
    for (const int signal : fault_signals) handle(signal, on_fault);
    if (report.exit_code) {
        for (const int signal : interrupt_signals) handle(signal, on_interrupt);
        if (report.time_limit) start_timer(*report.time_limit);
    }
    active = &report;
}

StepGuard::~StepGuard() {
    active = nullptr;
    if (timer_) ::timer_delete(*timer_);
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
    for (std::size_t i = 0; i < count_; ++i) ::sigaction(handled_[i].signal, &handled_[i].before, nullptr);
    ::sigaltstack(&stack_before_, nullptr);
}

// A host blocks nearly everything, and reads signals where its loop runs; it does not run now.
void StepGuard::handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_ONSTACK;
    ::sigfillset(&action.sa_mask);
    Handled& handled = handled_.at(count_++);
    handled.signal = signal;
    ::sigaction(signal, &action, &handled.before);
    sigset_t one;
    ::sigemptyset(&one);
    ::sigaddset(&one, signal);
    ::sigprocmask(SIG_UNBLOCK, &one, nullptr);
}

void StepGuard::start_timer(base::Duration limit) {
    handle(time_signal(), on_time);
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = time_signal();
    timer_t timer{};
    if (::timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
    timer_ = timer;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(limit);
    itimerspec times{};
    times.it_value.tv_sec = seconds.count();
    times.it_value.tv_nsec = (limit - seconds).count();
    ::timer_settime(timer, 0, &times, nullptr);
}

}  // namespace poolhost::process
