// SPDX-License-Identifier: Apache-2.0
// Vice: it takes its process with it, in every way that a process can end.
#include <poolhost/sdk.hpp>

#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

// volatile, so that the compiler does not see through what comes.
int* volatile nowhere = nullptr;
volatile int depth_limit = -1;

void segv() { *nowhere = 1; }
void abort_it() { std::abort(); }
void trap() { __builtin_trap(); }

int descend(int depth) {
    volatile char room[4096];
    room[0] = static_cast<char>(depth);
    return depth == depth_limit ? 0 : descend(depth + 1) + room[0];
}
std::int32_t overflow_stack() { return descend(0); }

void exit_with(std::int32_t code) { std::exit(code); }
void exit_at_once(std::int32_t code) { ::_exit(code); }
void kill_itself(std::int32_t signal) { ::kill(::getpid(), signal); }

// Only for an unlucky number, so that a map has one item that is lost and others that are not.
// Each run leaves a mark behind, so that the last of several attempts can succeed.
std::int64_t abort_times(const std::string& marks, std::int64_t times) {
    std::ofstream(marks, std::ios::app) << '.';
    const auto runs = static_cast<std::int64_t>(std::filesystem::file_size(marks));
    if (runs <= times) std::abort();
    return runs;
}

std::uint64_t abort_with(std::span<const std::byte> bytes) {
    if (!bytes.empty()) std::abort();
    return bytes.size();
}

std::int64_t unless(std::int64_t number, std::int64_t unlucky) {
    if (number == unlucky) std::abort();
    return number;
}

}  // namespace

POOLHOST_PLUGIN(crash, "1.0.0", "Ends its process.", poolhost::task("segv", segv).doc("Writes to address 0."),
                poolhost::task("segv_again", segv).doc("The same, and may be retried.").idempotent(),
                poolhost::task("abort", abort_it).doc("Calls abort()."),
                poolhost::task("trap", trap).doc("Runs an instruction that does not exist."),
                poolhost::task("overflow_stack", overflow_stack).doc("Recurses without end."),
                poolhost::task("exit", exit_with, "code").doc("Calls exit()."),
                poolhost::task("exit_at_once", exit_at_once, "code").doc("Calls _exit()."),
                poolhost::task("kill", kill_itself, "signal").doc("Sends its process a signal."),
                poolhost::task("abort_times", abort_times, "marks", "times")
                    .doc("Aborts the first times; may be retried.")
                    .idempotent(),
                poolhost::task("abort_with", abort_with, "bytes").doc("Aborts if there are any bytes."),
                poolhost::task("unless", unless, "number", "unlucky").doc("The number, but aborts at the unlucky one."))
