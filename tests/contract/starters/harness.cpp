// SPDX-License-Identifier: Apache-2.0
#include "contract/starters/harness.hpp"

#include "process/threads.hpp"

#include <span>
#include <sstream>

#include <poll.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;

int exit_at_once(base::UniqueFd) { return 5; }

std::unique_ptr<process::Starter> served(boost::asio::io_context& loop, const char* role) {
    return process::make_fork_server_starter(loop, {STARTER_PROGRAM, {role}, {}}, {}, 30s);
}

}  // namespace

Worker::~Worker() {
    if (born_.process.pid() <= 0 || born_.process.reaped()) return;
    born_.process.kill_group(SIGKILL);
    born_.process.reap();
}

std::string Worker::ask(const std::string& text) {
    order(text);
    return hear_text(socket());
}

std::map<std::string, std::string> Worker::facts() {
    std::map<std::string, std::string> found;
    std::istringstream lines(ask("facts"));
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        found[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return found;
}

std::string Worker::read_all(int fd) {
    std::string all;
    char space[4096];
    for (ssize_t count = 0; (count = ::read(fd, space, sizeof space)) > 0;) {
        all.append(space, static_cast<std::size_t>(count));
    }
    return all;
}

process::OnBirth Births::note() {
    return [this](base::Result<process::Newborn> born) {
        if (born) {
            workers.emplace_back(std::move(*born));
        } else {
            errors.push_back(born.error().message);
        }
    };
}

bool ends_within(int pidfd, int milliseconds) {
    pollfd entry{pidfd, POLLIN, 0};
    return ::poll(&entry, 1, milliseconds) == 1;
}

StarterTest::StarterTest() {
    const auto outcome = process::become_supervisor();
    if (!outcome) ADD_FAILURE() << outcome.error().message;
}

StarterTest::~StarterTest() {
    process::reap_orphans();
    EXPECT_TRUE(process::children().empty()) << "the test left a child";
}

void StarterTest::run_until(const Births& births, std::size_t count) {
    loop.restart();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    while (births.count() < count && loop.run_one_until(deadline) > 0) {
    }
    ASSERT_EQ(births.count(), count);
}

Worker StarterTest::birth(process::Starter& starter) {
    Births births;
    starter.start(births.note());
    run_until(births, 1);
    if (births.workers.empty()) throw std::runtime_error("no worker: " + births.errors.at(0));
    return std::move(births.workers.front());
}

std::string StarterTest::refusal(process::Starter& starter) {
    Births births;
    starter.start(births.note());
    run_until(births, 1);
    return births.errors.empty() ? "" : births.errors.front();
}

std::unique_ptr<process::ForkServerStarter> StarterTest::fork_server(const std::string& order,
                                                                     std::chrono::nanoseconds timeout,
                                                                     std::vector<std::string> arguments) {
    const auto bytes = std::as_bytes(std::span(order));
    return process::make_fork_server_starter(loop, program(std::move(arguments)), {bytes.begin(), bytes.end()},
                                             timeout);
}

std::unique_ptr<process::Starter> Spawn::obedient(boost::asio::io_context&) {
    return process::make_spawn_starter({STARTER_PROGRAM, {"worker"}, {}});
}
std::unique_ptr<process::Starter> Spawn::exiting_at_once(boost::asio::io_context&) {
    return process::make_spawn_starter({STARTER_PROGRAM, {"worker-at-once"}, {}});
}
std::unique_ptr<process::Starter> Fork::obedient(boost::asio::io_context&) { return process::make_fork_starter(obey); }
std::unique_ptr<process::Starter> Fork::exiting_at_once(boost::asio::io_context&) {
    return process::make_fork_starter(exit_at_once);
}
std::unique_ptr<process::Starter> ForkServer::obedient(boost::asio::io_context& loop) {
    return served(loop, "fork-server");
}
std::unique_ptr<process::Starter> ForkServer::exiting_at_once(boost::asio::io_context& loop) {
    return served(loop, "fork-server-at-once");
}

}  // namespace poolhost::test
