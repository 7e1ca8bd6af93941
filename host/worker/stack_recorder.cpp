// SPDX-License-Identifier: Apache-2.0
#include "worker/stack_recorder.hpp"

#include "worker/stack_writer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csetjmp>
#include <cstddef>

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

// Raised by what the thread itself has just done: they cannot be put off, and come again when it does so again.
constexpr int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
constexpr int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGXCPU, SIGXFSZ};

// What the handlers know. A forked child has it too, but not the process id, and not the memory of the channel.
struct State {
    std::atomic<channel::StackArea*> area;  // nullptr: record nothing
    const channel::Word64* running;
    int socket;
    pid_t process;
    pid_t main_thread;
    std::array<struct sigaction, NSIG> previous;
    std::atomic<pid_t> writer;      // the thread that writes the area, or has died of what it wrote; 0: none
    std::atomic<bool> can_recover;  // while `recovery` may be jumped to
    sigjmp_buf recovery;
};
constinit State state{};

bool is_fault(int signal, const siginfo_t& told) {
    return told.si_code > 0 && std::ranges::find(faults, signal) != std::end(faults);
}

// Whoever comes second waits a little: the first of two crashes is the one to be told, and its end is the end of both.
bool become_writer(Occasion occasion) {
    constexpr int patience_ms = 200;
    const pid_t self = ::gettid();
    for (int waited = 0;; ++waited) {
        pid_t nobody = 0;
        if (state.writer.compare_exchange_strong(nobody, self)) return true;
        if (nobody == self || occasion == Occasion::request || waited == patience_ms) return false;
        ::poll(nullptr, 0, 1);
    }
}

// Whether the area was written. A fault while it is written leaves it half written, which its version says.
bool record(Occasion occasion, const siginfo_t& told, const ucontext_t& context) {
    channel::StackArea* const area = state.area.load(std::memory_order_acquire);
    if (area == nullptr) return false;
    if (sigsetjmp(state.recovery, 1) != 0) return false;
    state.can_recover.store(true);
    const std::uint64_t call = state.running->load(std::memory_order_relaxed);
    write_stack(*area, occasion, call, told, context);
    state.can_recover.store(false);
    return true;
}

bool interrupts_writing() { return state.can_recover.load() && state.writer.load() == ::gettid(); }

// The handler returns, and then the signal does what it would have done. A fault happens again by itself; everything
// else is sent again, and waits until the handler has returned, so that whoever handles it sees the same stack.
void let_happen(int signal, siginfo_t& told) {
    ::sigaction(signal, &state.previous[static_cast<std::size_t>(signal)], nullptr);
    if (is_fault(signal, told)) return;
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, signal);
    ::pthread_sigmask(SIG_BLOCK, &only, nullptr);
    const pid_t self = ::gettid();
    if (::syscall(SYS_rt_tgsigqueueinfo, ::getpid(), self, signal, &told) == 0) return;
    ::syscall(SYS_tgkill, ::getpid(), self, signal);
}

void on_fatal_signal(int signal, siginfo_t* told, void* context) {
    const int kept = errno;
    if (::getpid() == state.process) {
        if (interrupts_writing() && is_fault(signal, *told)) {
            state.can_recover.store(false);
            ::siglongjmp(state.recovery, 1);
        }
        // The writer stays it: nothing is to be written over what the process dies of.
        if (become_writer(Occasion::death)) record(Occasion::death, *told, *static_cast<ucontext_t*>(context));
    }
    let_happen(signal, *told);
    errno = kept;
}

void on_request(int signal, siginfo_t* told, void* context) {
    const int kept = errno;
    if (::getpid() != state.process) return;
    if (::gettid() != state.main_thread) {
        ::syscall(SYS_tgkill, state.process, state.main_thread, signal);
    } else if (become_writer(Occasion::request)) {
        const bool written = record(Occasion::request, *told, *static_cast<ucontext_t*>(context));
        state.writer.store(0);
        if (written) channel::ring_for_stack(state.socket);
    }
    errno = kept;
}

// A stack that has overflown leaves no room for a handler. An alternate one that is there already and large enough, a
// sanitizer's, stays. Without memory for it the handlers do without.
void provide_alternate_stack() {
    constexpr std::size_t page = 4096;
    constexpr std::size_t ours = 64 * 1024;
    const long least = ::sysconf(_SC_MINSIGSTKSZ);
    const std::size_t size =
        (ours + static_cast<std::size_t>(least > 0 ? least : MINSIGSTKSZ) + page - 1) / page * page;
    stack_t now{};
    if (::sigaltstack(nullptr, &now) == 0 && (now.ss_flags & SS_DISABLE) == 0 && now.ss_size >= size) return;
    constexpr std::size_t guard = 64 * 1024;  // a page of any machine
    void* const memory = ::mmap(nullptr, guard + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t alternate{};
    alternate.ss_sp = static_cast<std::byte*>(memory) + guard;
    alternate.ss_size = size;
    if (::mprotect(alternate.ss_sp, size, PROT_READ | PROT_WRITE) == 0) ::sigaltstack(&alternate, nullptr);
}

struct sigaction action_of(void (*handler)(int, siginfo_t*, void*)) {
    struct sigaction action {};
    action.sa_sigaction = handler;
    // A fault inside a handler has to come through, even of the same signal.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    ::sigfillset(&action.sa_mask);
    for (const int fault : faults) ::sigdelset(&action.sa_mask, fault);
    return action;
}

void install_handlers() {
    sigset_t wanted;
    ::sigemptyset(&wanted);
    const struct sigaction fatal = action_of(on_fatal_signal);
    for (const int signal : fatal_signals) {
        struct sigaction before {};
        ::sigaction(signal, &fatal, &before);
        ::sigaddset(&wanted, signal);
        // Those of an earlier recorder are still there, and would be called for ever.
        const bool is_ours = (before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction == on_fatal_signal;
        if (!is_ours) state.previous[static_cast<std::size_t>(signal)] = before;
    }
    struct sigaction request = action_of(on_request);
    request.sa_flags |= SA_RESTART;
    ::sigaction(channel::stack_signal(), &request, nullptr);
    ::sigaddset(&wanted, channel::stack_signal());
    ::pthread_sigmask(SIG_UNBLOCK, &wanted, nullptr);
}

}  // namespace

StackRecorder::StackRecorder(channel::Channel& channel) {
    state.running = &channel.worker_control().running;
    state.socket = channel.socket();
    state.process = ::getpid();
    state.main_thread = ::gettid();
    state.writer.store(0);
    state.area.store(&channel.stack_area(), std::memory_order_release);
    provide_alternate_stack();
    install_handlers();
}

StackRecorder::~StackRecorder() { state.area.store(nullptr, std::memory_order_release); }

}  // namespace poolhost::worker
