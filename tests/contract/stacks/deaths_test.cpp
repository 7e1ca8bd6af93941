// SPDX-License-Identifier: Apache-2.0
// What a worker that dies of a signal leaves of its stack, the same under every start method.
#include "contract/stacks/victim.hpp"

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>

#include <signal.h>

namespace poolhost::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Lines = std::vector<std::string>;

class Deaths : public Stacks {
protected:
    /// Runs a task that is to die of a signal; what is left of its stack.
    Lines die(const std::string& task, int signal, const std::string& arguments = "[]") {
        victim_.emplace(GetParam());
        victim_->begin("deaths." + task, arguments);
        return stack_after_end(signal);
    }
    Lines stack_after_end(int signal) {
        const process::ExitStatus end = victim_->wait_for_end();
        // A worker program with a sanitizer reports, and exits.
        if (!sanitized) {
            EXPECT_EQ(end.signal, signal);
        }
        const auto sample = victim_->sample();
        EXPECT_EQ(sample ? sample->signal : 0, signal);
        Lines stack = victim_->stack_left();
        if (HasFailure()) {
            for (const std::string& line : stack) std::printf("    %s\n", line.c_str());
        }
        return stack;
    }
    std::optional<Victim> victim_;
};
POOLHOST_FOR_EVERY_START_METHOD(Deaths);

// The line of the plugin's source that says so, as "deaths.cpp:N".
std::string place_of(const std::string& words) {
    std::ifstream source(POOLHOST_PLUGIN_SOURCES "/deaths.cpp");
    int number = 1;
    for (std::string line; std::getline(source, line); ++number) {
        if (line.find(words) != std::string::npos) return "deaths.cpp:" + std::to_string(number);
    }
    return "no such line";
}

TEST_P(Deaths, OfAWriteToNull) {
    const Lines stack = die("write_to_null", SIGSEGV);
    ASSERT_GT(stack.size(), 2U);
    const std::string library = " (libdeaths.so+0x";
    EXPECT_THAT(stack[0], StartsWith("deaths::write_to_null() at " + place_of("// here it dies") + library));
    EXPECT_THAT(stack[1], StartsWith("deaths::call_writer() at " + place_of("// here it calls") + library));
    EXPECT_THAT(stack, Contains(HasSubstr("poolhost::worker::run_worker(")));
    EXPECT_THAT(stack.back(), StartsWith("_start"));
    EXPECT_EQ(victim_->sample()->address, 0U);
    EXPECT_EQ(victim_->sample()->thread, victim_->pid());
}

TEST_P(Deaths, OfARecursionWithoutEnd) {
    const Lines stack = die("overflow", SIGSEGV);
    EXPECT_THAT(stack[0], AllOf(StartsWith("deaths::descend(int)"), HasSubstr(" at deaths.cpp:")));
    EXPECT_THAT(stack, Contains(AllOf(StartsWith("… "), EndsWith(" more frames …"))));
    EXPECT_THAT(stack.back(), HasSubstr("beyond the part of the stack that was copied"));
    EXPECT_LE(stack.size(), 65U);
}

TEST_P(Deaths, OfAnAbort) { EXPECT_THAT(die("abort", SIGABRT), Contains(StartsWith("deaths::call_abort() at "))); }

TEST_P(Deaths, OfAnExceptionThatNobodyMayCatch) {
    EXPECT_THAT(die("terminate", SIGABRT), Contains(StartsWith("deaths::throw_error() at deaths.cpp:")));
}

#if defined(__x86_64__)  // elsewhere a division by zero is a number
TEST_P(Deaths, OfADivisionByZero) {
    EXPECT_THAT(die("divide", SIGFPE, "[1, 0]")[0], StartsWith("deaths::divide(int, int) at deaths.cpp:"));
}
#endif

TEST_P(Deaths, OfAnInstructionThatDoesNotExist) {
#if defined(__x86_64__)
    constexpr int signal = SIGILL;
#else
    constexpr int signal = SIGTRAP;
#endif
    EXPECT_THAT(die("trap", signal)[0], StartsWith("deaths::trap() at deaths.cpp:"));
}

TEST_P(Deaths, OfACallOfNoFunction) {
    const Lines stack = die("call_null", SIGSEGV);
    EXPECT_EQ(stack[0], "0x0 in no module");
    EXPECT_THAT(stack[1], StartsWith("deaths::call_null() at " + place_of("no_function();")));
}

TEST_P(Deaths, OfASmashedFrame) {
    EXPECT_THAT(die("smash_frame", SIGSEGV)[0], StartsWith("deaths::smash_frame() at deaths.cpp:"));
}

TEST_P(Deaths, OfALostStackPointer) {
    const Lines stack = die("lose_stack_pointer", SIGSEGV);
    EXPECT_THAT(stack[0], StartsWith("deaths::lose_stack_pointer() at deaths.cpp:"));
}

TEST_P(Deaths, InAThread) {
    const Lines stack = die("in_thread", SIGSEGV);
    EXPECT_THAT(stack[0], StartsWith("deaths::write_to_null() at "));
    EXPECT_THAT(stack[1], StartsWith("deaths::call_writer() at "));
    EXPECT_NE(victim_->sample()->thread, victim_->pid());
}

TEST_P(Deaths, WithTheLockOfTheHeapHeld) {
    if (sanitized) GTEST_SKIP() << "there the heap is another";
    EXPECT_THAT(die("in_malloc", SIGSEGV),
                AllOf(Contains(StartsWith("deaths::write_to_null() at ")), Contains(HasSubstr("malloc_stats"))));
}

TEST_P(Deaths, OfASignalThatItSendsItself) {
    EXPECT_THAT(die("raise", SIGSEGV), Contains(StartsWith("deaths::raise_at_itself() at ")));
}

TEST_P(Deaths, OfASignalFromOutside) {
    victim_.emplace(GetParam());
    victim_->begin_and_wait("deaths.spin");
    victim_->kill(SIGSEGV);
    EXPECT_THAT(stack_after_end(SIGSEGV), Contains(StartsWith("deaths::spin(poolhost::context&) at ")));
    EXPECT_LE(victim_->sample()->code, 0);
}

TEST_P(Deaths, OfTooMuchProcessorTime) {
    wire::ResourceLimits limits;
    limits.cpu_seconds = 0;
    victim_.emplace(GetParam(), limits);
    victim_->begin_and_wait("deaths.spin");
    EXPECT_THAT(stack_after_end(SIGXCPU), Contains(StartsWith("deaths::spin(poolhost::context&) at ")));
}

// Without core dumps, a worker's files in /proc are not its own any more.
TEST_P(Deaths, WhereNoCoreMayBeLeft) {
    wire::ResourceLimits limits;
    limits.core = 0;
    victim_.emplace(GetParam(), limits);
    victim_->begin("deaths.abort");
    EXPECT_THAT(stack_after_end(SIGABRT), Contains(StartsWith("deaths::call_abort() at ")));
}

#ifndef __SANITIZE_ADDRESS__  // which takes over after the recorder, and may wait for ever with nowhere to write its
                              // report
TEST_P(Deaths, WithoutADescriptorLeft) {
    EXPECT_THAT(die("without_descriptors", SIGSEGV), Contains(StartsWith("deaths::write_to_null() at ")));
}
#endif

// Of memory that is gone: the handler itself fails, and the worker ends by the signal that called it.
TEST_P(Deaths, WithoutMemoryToWriteTo) {
    victim_.emplace(GetParam());
    victim_->begin("deaths.without_memory");
    EXPECT_EQ(victim_->wait_for_end().signal, SIGABRT);
    EXPECT_FALSE(victim_->sample());
}

TEST_P(Deaths, OfATasksChildAreNotTheWorkers) {
    victim_.emplace(GetParam());
    victim_->begin("deaths.in_child");
    const std::string result = victim_->result();
    if (!sanitized) {
        EXPECT_EQ(result, std::to_string(128 + SIGSEGV));
    }
    EXPECT_FALSE(victim_->sample());
}

}  // namespace
}  // namespace poolhost::test
