// SPDX-License-Identifier: Apache-2.0
// What the tests of starters share: births waited for on a loop, workers that are ended whatever a test does.
#pragma once

#include "process/starter.hpp"
#include "process/supervisor.hpp"
#include "support/obedient_worker.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::test {

/// A worker under test. Ends and reaps it at the latest when destroyed.
class Worker {
public:
    explicit Worker(process::Newborn newborn) : born_(std::move(newborn)) {}
    Worker(Worker&&) = default;
    Worker& operator=(Worker&&) = delete;
    ~Worker();

    process::Process& process() { return born_.process; }
    [[nodiscard]] int socket() const { return born_.socket.get(); }
    void order(const std::string& text) { tell(socket(), text); }
    std::string ask(const std::string& text);
    /// The answer to "facts", by name.
    std::map<std::string, std::string> facts();
    /// Everything written until the worker's end.
    std::string output() { return read_all(born_.output.get()); }
    std::string errors() { return read_all(born_.errors.get()); }
    void close_socket() { born_.socket.reset(); }

private:
    static std::string read_all(int fd);

    process::Newborn born_;
};

/// Every outcome of the births that it was given to, in their order.
struct Births {
    std::vector<Worker> workers;
    std::vector<std::string> errors;

    process::OnBirth note();
    [[nodiscard]] std::size_t count() const { return workers.size() + errors.size(); }
};

/// A bound for what must happen, reached only when a test fails.
inline constexpr int patience_ms = 30'000;

/// Whether the process behind a pidfd ends within the time.
bool ends_within(int pidfd, int milliseconds);

class StarterTest : public testing::Test {
protected:
    StarterTest();
    /// What a test must not leave: a child, running or ended.
    ~StarterTest() override;

    /// Runs the loop until `births` has that many outcomes.
    void run_until(const Births& births, std::size_t count);
    /// One worker; a failure of the test where there is none.
    Worker birth(process::Starter& starter);
    /// The error with which a birth fails; empty where it does not.
    std::string refusal(process::Starter& starter);

    static process::Program program(std::vector<std::string> arguments) { return {STARTER_PROGRAM, arguments, {}}; }
    std::unique_ptr<process::ForkServerStarter> fork_server(const std::string& order,
                                                            std::chrono::nanoseconds timeout = std::chrono::seconds(30),
                                                            std::vector<std::string> arguments = {"fork-server"});

    boost::asio::io_context loop;
};

struct Spawn {
    static std::unique_ptr<process::Starter> obedient(boost::asio::io_context&);
    static std::unique_ptr<process::Starter> exiting_at_once(boost::asio::io_context&);
    static constexpr const char* name = "spawn";
};
struct Fork {
    static std::unique_ptr<process::Starter> obedient(boost::asio::io_context&);
    static std::unique_ptr<process::Starter> exiting_at_once(boost::asio::io_context&);
    static constexpr const char* name = "fork";
};
struct ForkServer {
    static std::unique_ptr<process::Starter> obedient(boost::asio::io_context&);
    static std::unique_ptr<process::Starter> exiting_at_once(boost::asio::io_context&);
    static constexpr const char* name = "forkserver";
};
using AllStarters = testing::Types<Spawn, Fork, ForkServer>;

struct StarterName {
    template <class T>
    static std::string GetName(int) {
        return T::name;
    }
};

}  // namespace poolhost::test
