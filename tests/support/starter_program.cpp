// SPDX-License-Identifier: Apache-2.0
// The program that tests of starters start: a worker, a fork server, a lying one, or a host of its own to be killed.
#include "base/descriptor_passing.hpp"
#include "process/fork_server.hpp"
#include "process/starter.hpp"
#include "process/supervisor.hpp"
#include "process/worker_role.hpp"
#include "support/obedient_worker.hpp"

#include <boost/asio/io_context.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace poolhost;
using namespace std::chrono_literals;

int exit_at_once(base::UniqueFd) { return 5; }

/// The description is an order, too: how the preparation is to go.
base::Result<void> prepare(std::span<const std::byte> description) {
    const std::string order(reinterpret_cast<const char*>(description.data()), description.size());
    test::remember_description(order);
    std::printf("prepared without a line's end");
    if (order == "fail") return base::Error{"plugin 'math': no such file\n  searched: /nowhere"};
    if (order == "throw") throw std::runtime_error("thrown while preparing");
    if (order == "abort") std::abort();
    if (order == "exit") ::_exit(9);
    if (order == "hang") ::pause();
    if (order == "thread") std::thread([] { ::pause(); }).detach();
    if (order == "leak") static_cast<void>(::open("/dev/null", O_RDONLY));
    return {};
}

int serve(process::WorkerEntry entry) {
    auto socket = process::take_birth_socket();
    if (!socket) return 2;
    return process::serve_forks(std::move(*socket), {prepare, std::move(entry), "preparing"});
}

/// A server that breaks the protocol in one way each.
int lie(const std::string& how) {
    const int host = process::socket_number;
    test::hear_text(host);  // the description
    if (how == "noise") test::tell(host, "xyzzy");
    if (how == "flood") test::tell(host, "E" + std::string(30000, 'x'));
    test::tell(host, "R");
    for (;;) {
        std::array<std::byte, 100> space;
        auto request = base::receive_message(host, space, base::Blocking::yes);
        if (!request || request->kind != base::ReceivedMessage::Kind::message) return 0;
        const int birth = request->descriptors.front().get();
        if (how == "hello-itself") test::tell(birth, "H");
        if (how == "nonsense-at-birth") test::tell(birth, "?");
        if (how == "failure-without-end") test::tell(birth, "E" + std::string(100000, 'x'));
        if (how == "exit-at-request") return 4;
    }
}

std::unique_ptr<process::Starter> make_starter(boost::asio::io_context& loop, const std::string& method) {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    if (method == "spawn") return process::make_spawn_starter({self, {"worker"}, {}});
    if (method == "fork") return process::make_fork_starter(test::obey);
    return process::make_fork_server_starter(loop, {self, {"fork-server"}, {}}, {}, 30s);
}

/// Starts one worker that defies every signal, tells the pids of all that must die with it, and waits to be killed.
int live_as_host(const std::string& method) {
    auto socket = process::take_birth_socket();
    if (!socket || !process::become_supervisor()) return 2;
    boost::asio::io_context loop;
    const auto starter = make_starter(loop, method);
    std::optional<process::Newborn> worker;
    starter->start([&](auto born) {
        if (born) worker = std::move(*born);
    });
    while (!worker && loop.run_one() > 0) {
    }
    if (!worker) return 3;
    test::tell(worker->socket.get(), "defy");
    std::string pids = std::to_string(worker->process.pid()) + " " + test::hear_text(worker->socket.get());
    if (auto* const served = dynamic_cast<process::ForkServerStarter*>(starter.get())) {
        pids += " " + std::to_string(*served->server_pid());
    }
    test::tell(socket->get(), pids);
    for (;;) ::pause();
}

}  // namespace

int main(int count, char** words) {
    const std::string role = count > 1 ? words[1] : "";
    const std::string how = count > 2 ? words[2] : "";
    if (role == "worker") process::live_as_spawned_worker(test::obey);
    if (role == "worker-at-once") process::live_as_spawned_worker(exit_at_once);
    if (role == "fork-server") ::_exit(serve(test::obey));
    if (role == "fork-server-at-once") ::_exit(serve(exit_at_once));
    if (role == "lying-server") ::_exit(lie(how));
    if (role == "host") ::_exit(live_as_host(how));
    std::fprintf(stderr, "unknown role '%s'\n", role.c_str());
    return 2;
}
