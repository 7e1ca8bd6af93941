// SPDX-License-Identifier: Apache-2.0
#include "process/threads.hpp"

#include "process/starter.hpp"
#include "process/supervisor.hpp"
#include "process/worker_role.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <thread>

#include <pthread.h>

namespace poolhost::process {
namespace {

TEST(Threads, OneIsFine) {
    EXPECT_EQ(thread_names().size(), 1U);
    EXPECT_TRUE(require_single_thread("cannot fork"));
}

TEST(Threads, MoreAreNamed) {
    std::promise<void> named;
    std::promise<void> enough;
    std::thread other([&] {
        ::pthread_setname_np(::pthread_self(), "resolver");
        named.set_value();
        enough.get_future().wait();
    });
    named.get_future().wait();
    const auto outcome = require_single_thread("cannot fork");
    enough.set_value();
    other.join();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().message,
              "cannot fork: this process has 2 threads (process_unit, resolver), and a fork copies only one");
}

TEST(Supervisor, IsNotMadeOfAProcessWithThreads) {
    std::promise<void> enough;
    std::thread other([&] { enough.get_future().wait(); });
    const auto outcome = become_supervisor();
    enough.set_value();
    other.join();
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, testing::StartsWith("cannot supervise workers: this process has 2 threads"));
}

std::string refusal(Starter& starter) {
    std::optional<std::string> said;
    starter.start([&](base::Result<Newborn> born) { said = born ? "" : born.error().message; });
    return said.value_or("not called");
}

TEST(Starters, NeedASupervisor) {
    const std::string expected = "this process starts no workers: it has not become a supervisor";
    EXPECT_EQ(refusal(*make_spawn_starter({"/bin/true", {}, {}})), expected);
    EXPECT_EQ(refusal(*make_fork_starter([](base::UniqueFd) { return 0; })), expected);
}

}  // namespace
}  // namespace poolhost::process
