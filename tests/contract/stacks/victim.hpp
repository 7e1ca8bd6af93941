// SPDX-License-Identifier: Apache-2.0
// A worker of any start method, and what can be told of its stack.
#pragma once

#include "base/start_method.hpp"
#include "channel/channel.hpp"
#include "process/starter.hpp"
#include "wire/description.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <vector>

namespace poolhost::test {

class Victim {
public:
    /// Is ready for calls; with the test plugins "deaths" and "lingers".
    explicit Victim(base::StartMethod method, wire::ResourceLimits limits = {});
    /// Kills and reaps it where the test has not.
    ~Victim();
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;

    [[nodiscard]] pid_t pid() const { return born_.process.pid(); }
    void kill(int signal) const { born_.process.kill(signal); }

    /// Begins a call, and returns when the worker has it. `arguments` is a JSON array.
    void begin(const std::string& task, const std::string& arguments = "[]");
    /// Returns when it has told of progress.
    void begin_and_wait(const std::string& task, const std::string& arguments = "[]");
    void cancel();
    /// The result of the call, as JSON. A failure of the test where there is none.
    std::string result();
    /// Waits until the process has been stopped.
    void wait_for_stop() const;
    process::ExitStatus wait_for_end();

    /// What is in the area now.
    [[nodiscard]] std::optional<wire::StackSample> sample() const { return read_stack(channel_->stack_area()); }
    /// Asks for the stack, and waits until it is there.
    std::optional<wire::StackSample> request();
    /// Waits until there is a stack.
    std::optional<wire::StackSample> wait_for_sample();
    [[nodiscard]] std::vector<std::string> name(const wire::StackSample& sample) const;
    /// Of the call that died of it.
    std::vector<std::string> stack_left();

private:
    bool wait_for_notice();
    void deliver(const std::string& task, const std::string& arguments);

    boost::asio::io_context loop_;
    std::unique_ptr<process::Starter> starter_;
    process::Newborn born_;
    std::optional<channel::Channel> channel_;
    wire::WorkerDescription description_;
    std::uint32_t sequence_ = 0;
};

class Stacks : public testing::TestWithParam<base::StartMethod> {};
#define POOLHOST_FOR_EVERY_START_METHOD(SUITE)                                                \
    INSTANTIATE_TEST_SUITE_P(StartMethods, SUITE, testing::ValuesIn(base::all_start_methods), \
                             [](const auto& method) { return std::string(base::name_of(method.param)); })

/// Whether the workers' program has handlers of its own, which end it in another way.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace poolhost::test
