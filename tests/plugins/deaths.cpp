// SPDX-License-Identifier: Apache-2.0
// Vice: it dies in functions that have names, so that what is said of its deaths can be compared with the truth.
#include <poolhost/sdk.hpp>

#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <bit>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#define NAMED [[gnu::noinline]]

namespace deaths {

// volatile, so that the compiler does not see through what comes.
int* volatile nowhere = nullptr;
volatile int endless = -1;
void (*volatile no_function)() = nullptr;

NAMED void write_to_null() {
    *nowhere = 1;  // here it dies
}

NAMED void call_writer() {
    write_to_null();    // here it calls
    nowhere = nullptr;  // so that the call is not the last thing
}

NAMED int descend(int depth) {
    volatile char room[256];
    room[0] = static_cast<char>(depth);
    return depth == endless ? 0 : descend(depth + 1) + room[0];
}
std::int32_t overflow_stack() { return descend(0); }

NAMED void call_abort() { std::abort(); }

NAMED void throw_error() { throw std::runtime_error("nobody may catch this"); }
void throw_through_noexcept() noexcept { throw_error(); }

NAMED int divide(int number, int divisor) {
    const int result = number / divisor;
    return result;
}

NAMED void trap() { __builtin_trap(); }

NAMED void call_null() {
    no_function();
    nowhere = nullptr;
}

// A return address that no program has, as after writing beyond the end of a local array.
NAMED void smash_frame() {
    void* volatile* const frame = static_cast<void* volatile*>(__builtin_frame_address(0));
    frame[1] = reinterpret_cast<void*>(0x4141414141414141);
}

NAMED void lose_stack_pointer() {
#if defined(__x86_64__)
    asm volatile("xorl %%esp, %%esp\n\tpushq %%rax" ::: "memory");
#else
    asm volatile("mov x9, #0\n\tmov sp, x9\n\tstr x9, [sp]" ::: "x9", "memory");
#endif
}

void crash_in_thread() { std::thread(call_writer).join(); }

// malloc_stats() writes while it holds the lock of the heap.
ssize_t write_dying(void*, const char*, std::size_t size) {
    call_writer();
    return static_cast<ssize_t>(size);
}
void crash_in_malloc() {
    stderr = ::fopencookie(nullptr, "w", {nullptr, write_dying, nullptr, nullptr});
    std::setvbuf(stderr, nullptr, _IONBF, 0);
    ::malloc_stats();
}

NAMED void raise_at_itself() { std::raise(SIGSEGV); }

NAMED void spin(poolhost::context& context) {
    context.progress(0, "here");
    while (nowhere == nullptr) {
    }
}

// How its child ended, as a shell counts it.
std::int32_t crash_in_child() {
    const pid_t child = ::fork();
    if (child == 0) call_writer();
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Takes away the memory that its end is to be written to.
void abort_without_memory() {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.find("memfd:poolhost-worker") == std::string::npos) continue;
        const std::size_t begin = std::stoull(line, nullptr, 16);
        const std::size_t end = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
        ::mprotect(std::bit_cast<void*>(begin), end - begin, PROT_NONE);
    }
    call_abort();
}

void crash_without_descriptors() {
    while (::open("/dev/null", O_RDONLY) >= 0) {
    }
    call_writer();
}

}  // namespace deaths

POOLHOST_PLUGIN(deaths, "1.0.0", "Dies in functions that have names.",
                poolhost::task("write_to_null", deaths::call_writer),
                poolhost::task("overflow", deaths::overflow_stack), poolhost::task("abort", deaths::call_abort),
                poolhost::task("terminate", [] { deaths::throw_through_noexcept(); }),
                poolhost::task("divide", deaths::divide, "number", "divisor"), poolhost::task("trap", deaths::trap),
                poolhost::task("call_null", deaths::call_null), poolhost::task("smash_frame", deaths::smash_frame),
                poolhost::task("lose_stack_pointer", deaths::lose_stack_pointer),
                poolhost::task("in_thread", deaths::crash_in_thread),
                poolhost::task("in_malloc", deaths::crash_in_malloc), poolhost::task("raise", deaths::raise_at_itself),
                poolhost::task("spin", deaths::spin), poolhost::task("in_child", deaths::crash_in_child),
                poolhost::task("without_memory", deaths::abort_without_memory),
                poolhost::task("without_descriptors", deaths::crash_without_descriptors))
