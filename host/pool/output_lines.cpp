// SPDX-License-Identifier: Apache-2.0
#include "pool/output_lines.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <cerrno>

namespace poolhost::pool {
namespace {

constexpr std::size_t lines_kept = 20;
constexpr std::size_t bytes_at_once = std::size_t{16} * 1024;
// A pipe holds 64 KiB unless its writer has enlarged it.
constexpr int reads_of_a_full_pipe = 5;

}  // namespace

OutputLines::OutputLines(boost::asio::io_context& loop, base::UniqueFd pipe, OnLine on_line)
    : pipe_(std::move(pipe)), on_line_(std::move(on_line)), splitter_([this](std::string_view line) { emit(line); }) {
    ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);  // the reading end's description is ours alone
    readiness_ = Readiness(loop, pipe_.get(), [this] {
        if (read_once() == Reading::ended) splitter_.finish();
    });
}

OutputLines::Reading OutputLines::read_once() {
    char space[bytes_at_once];
    ssize_t size = -1;
    do {
        size = ::read(pipe_.get(), space, sizeof space);
    } while (size < 0 && errno == EINTR);
    if (size > 0) {
        splitter_.take(std::string_view(space, static_cast<std::size_t>(size)));
        return static_cast<std::size_t>(size) < sizeof space ? Reading::empty : Reading::more;
    }
    if (size < 0 && errno == EAGAIN) return Reading::empty;
    readiness_ = Readiness();
    return Reading::ended;
}

OutputLines::Reading OutputLines::read_full_pipe() {
    Reading reading = Reading::more;
    for (int i = 0; i < reads_of_a_full_pipe && reading == Reading::more; ++i) reading = read_once();
    return reading;
}

void OutputLines::emit(std::string_view line) {
    last_.emplace_back(line);
    if (last_.size() > lines_kept) last_.pop_front();
    on_line_(line);
}

void OutputLines::read_to_here() {
    if (read_full_pipe() != Reading::more) splitter_.finish();
}

void OutputLines::finish() {
    const Reading reading = read_full_pipe();
    readiness_ = Readiness();
    splitter_.finish();
    int unread = 0;
    if (reading != Reading::more || ::ioctl(pipe_.get(), FIONREAD, &unread) != 0 || unread == 0) return;
    emit("poolhost: " + std::to_string(unread) + " more bytes were left unread");
}

}  // namespace poolhost::pool
