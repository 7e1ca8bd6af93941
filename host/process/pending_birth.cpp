// SPDX-License-Identifier: Apache-2.0
#include "process/pending_birth.hpp"

#include "base/descriptor_passing.hpp"
#include "process/fork_server_words.hpp"

#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

// What a worker that could not be set up has written; empty where it wrote nothing.
std::string said(int errors) {
    char text[512];
    ::fcntl(errors, F_SETFL, O_NONBLOCK);
    const auto count = ::read(errors, text, sizeof text);
    return count > 0 ? std::string(text, static_cast<std::size_t>(count)) : std::string();
}

// As the other start methods leave it: blocking, and without the sender's name on each message.
void make_ordinary(int socket) {
    const int off = 0;
    ::setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &off, sizeof off);
    ::fcntl(socket, F_SETFL, 0);
}

}  // namespace

base::Result<std::unique_ptr<PendingBirth>> PendingBirth::await(boost::asio::io_context& loop, Connections connections,
                                                                base::Duration timeout,
                                                                std::function<void(BirthOutcome)> on_outcome) {
    std::unique_ptr<PendingBirth> birth(new PendingBirth(loop, std::move(connections), timeout, std::move(on_outcome)));
    auto readiness = Readiness::watch(loop, birth->connections_.host_socket.get(), [self = birth.get()] {
        auto outcome = self->look();
        if (!outcome) return Next::wait_again;
        self->end(std::move(*outcome));
        return Next::stop;
    });
    if (!readiness) return readiness.error();
    birth->readiness_.emplace(std::move(*readiness));
    return birth;
}

PendingBirth::PendingBirth(boost::asio::io_context& loop, Connections connections, base::Duration timeout,
                           std::function<void(BirthOutcome)> on_outcome)
    : connections_(std::move(connections)), on_outcome_(std::move(on_outcome)) {
    deadline_.emplace(loop, timeout, [this] { end(BirthLate{{"the fork server did not fork a worker in time"}}); });
}

std::optional<BirthOutcome> PendingBirth::look() {
    auto hearing = hear(connections_.host_socket.get(), base::Blocking::no);
    if (!hearing) return hearing.error();
    if (hearing->gone) return lost();
    if (!hearing->heard) return std::nullopt;
    auto& heard = *hearing->heard;
    if (heard.word == Word::failure) return base::Error{std::move(heard.text)};
    if (heard.word == Word::hello && heard.sender) return welcome(*heard.sender);
    return base::Error{"a worker of the fork server broke the protocol at its birth"};
}

BirthOutcome PendingBirth::welcome(pid_t pid) {
    auto process = Process::of_child(pid);
    // It may have been killed since, and reaped among the orphans.
    if (!process) return BirthLost{{"a worker of the fork server was lost: " + process.error().message}};
    const int socket = connections_.host_socket.get();
    readiness_.reset();
    make_ordinary(socket);
    // A worker that is gone already is reported by its process handle, as any other.
    (void)say(socket, Word::welcome, base::Blocking::no);
    return newborn(std::move(*process), std::move(connections_));
}

BirthOutcome PendingBirth::lost() const {
    const std::string words = said(connections_.host_errors.get());
    return BirthLost{{"a worker of the fork server died at its birth" + (words.empty() ? "" : ": " + words)}};
}

void PendingBirth::end(BirthOutcome outcome) {
    readiness_.reset();
    deadline_.reset();
    // A copy, since it may destroy this object.
    const auto call = on_outcome_;
    call(std::move(outcome));
}

}  // namespace poolhost::process
