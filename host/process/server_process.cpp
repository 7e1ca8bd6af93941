// SPDX-License-Identifier: Apache-2.0
#include "process/server_process.hpp"

#include "base/shared_memory.hpp"
#include "process/spawn.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include <unistd.h>

namespace poolhost::process {
namespace {

struct Output {
    base::FdPair output;
    base::FdPair errors;
};

base::Result<Output> make_output() {
    auto output = base::make_pipe();
    if (!output) return output.error();
    auto errors = base::make_pipe();
    if (!errors) return errors.error();
    return Output{std::move(*output), std::move(*errors)};
}

std::string in_milliseconds(base::Duration duration) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) + " ms";
}

}  // namespace

base::Result<std::unique_ptr<ServerProcess>> ServerProcess::launch(
    boost::asio::io_context& loop, const Program& program, std::span<const std::byte> description,
    base::Duration start_timeout, const OnServerOutput& on_output, OnChange on_change) {
    const auto host = supervision();
    if (!host) return host.error();
    auto sockets = base::make_socket_pair();
    if (!sockets) return sockets.error();
    auto output = on_output ? make_output() : base::Result<Output>(Output{});
    if (!output) return output.error();
    const Endowment endowment{.socket = sockets->second.get(),
                              .output = on_output ? output->output.second.get() : STDERR_FILENO,
                              .errors = on_output ? output->errors.second.get() : STDERR_FILENO,
                              .lifeline = (*host)->lifeline.get(),
                              .lifeline_holder = (*host)->lifeline_holder.get(),
                              .host = (*host)->host,
                              .open_files = (*host)->open_files,
                              .oom_score = (*host)->worker_oom_score};
    auto process = spawn(program, endowment);
    if (!process) return process.error();
    if (on_output) on_output(process->pid(), std::move(output->output.first), std::move(output->errors.first));
    std::unique_ptr<ServerProcess> server(
        new ServerProcess(std::move(*process), std::move(sockets->first), std::move(on_change)));
    if (auto begun = server->begin(loop, description, start_timeout); !begun) return begun.error();
    return server;
}

ServerProcess::ServerProcess(Process process, base::UniqueFd socket, OnChange on_change)
    : process_(std::move(process)), socket_(std::move(socket)), on_change_(std::move(on_change)) {}

ServerProcess::~ServerProcess() { reap(); }

base::Result<void> ServerProcess::begin(boost::asio::io_context& loop, std::span<const std::byte> description,
                                        base::Duration start_timeout) {
    const auto memory = base::make_sealed_copy("poolhost-template", description);
    if (!memory) return memory.error();
    const int descriptor = memory->get();
    // A server that is gone already is noticed by the watch, with its exit status.
    const auto sent = say(socket_.get(), Word::describe, {}, std::span(&descriptor, 1), base::Blocking::no);
    if (!sent) return sent.error();
    auto readiness = Readiness::watch(loop, socket_.get(), [this] {
        look();
        return Next::wait_again;
    });
    if (!readiness) return readiness.error();
    readiness_.emplace(std::move(*readiness));
    start_deadline_.emplace(loop, start_timeout, [this, start_timeout] {
        tell(base::Error{"the fork server was not ready within " + in_milliseconds(start_timeout)});
    });
    return {};
}

void ServerProcess::look() {
    if (process_.reaped()) return;
    auto hearing = hear(socket_.get(), base::Blocking::no);
    if (!hearing) return tell(base::Error{"the fork server broke its protocol: " + hearing.error().message});
    if (hearing->gone) return tell(ended());
    const auto& heard = hearing->heard;
    if (!heard) return;
    if (heard->word == Word::ready && !ready_) return tell({});
    if (heard->word == Word::failure && !ready_) return tell(base::Error{heard->text});
    tell(base::Error{"the fork server broke its protocol"});
}

void ServerProcess::tell(const base::Result<void>& change) {
    if (change) {
        ready_ = true;
        start_deadline_.reset();
    } else {
        reap();
    }
    // A copy, since it may destroy this object.
    const auto call = on_change_;
    call(change);
}

// Whoever closed the socket is past using its memory, so that waiting for its end is short.
base::Error ServerProcess::ended() {
    reap();
    return base::Error{"the fork server " + text(process_.reap()) + (ready_ ? "" : " before it was ready")};
}

void ServerProcess::reap() {
    start_deadline_.reset();
    readiness_.reset();
    if (process_.reaped()) return;
    process_.kill_group(SIGKILL);
    process_.reap();
}

base::Result<void> ServerProcess::request(const Connections& connections) {
    const std::array descriptors{connections.child_socket.get(), connections.child_output.get(),
                                 connections.child_errors.get()};
    const auto sent = say(socket_.get(), Word::fork, {}, descriptors, base::Blocking::no);
    if (!sent) return sent.error();
    if (*sent == base::SendOutcome::sent) return {};
    return base::Error{*sent == base::SendOutcome::would_block ? "the fork server does not listen"
                                                               : "the fork server is gone"};
}

}  // namespace poolhost::process
