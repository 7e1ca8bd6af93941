// SPDX-License-Identifier: Apache-2.0
#include "pool/output_lines.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>

namespace poolhost::pool {
namespace {

constexpr std::size_t longest_line = 16 * 1024;
constexpr std::size_t lines_kept = 20;
// A worker that floods its output must not keep the loop from everything else.
constexpr int reads_at_once = 16;

}  // namespace

OutputLines::OutputLines(boost::asio::io_context& loop, base::UniqueFd pipe, OnLine on_line)
    : pipe_(std::move(pipe)), on_line_(std::move(on_line)) {
    ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);  // the reading end's description is ours alone
    readiness_ = Readiness(loop, pipe_.get(), [this] { on_readable(); });
}

void OutputLines::on_readable() {
    for (int i = 0; i < reads_at_once; ++i) {
        if (read_once() == More::no) return;
    }
}

OutputLines::More OutputLines::read_once() {
    char space[longest_line];
    ssize_t size = -1;
    do {
        size = ::read(pipe_.get(), space, sizeof space);
    } while (size < 0 && errno == EINTR);
    if (size > 0) {
        take(std::string_view(space, static_cast<std::size_t>(size)));
        return More::yes;
    }
    const bool ended = size == 0 || errno != EAGAIN;
    if (ended) readiness_ = Readiness();
    return More::no;
}

void OutputLines::take(std::string_view bytes) {
    for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
        unfinished_.append(bytes.substr(0, end));
        emit(std::exchange(unfinished_, {}));
        bytes.remove_prefix(end + 1);
    }
    unfinished_.append(bytes);
    while (unfinished_.size() >= longest_line) {
        emit(unfinished_.substr(0, longest_line));
        unfinished_.erase(0, longest_line);
    }
}

void OutputLines::emit(std::string_view line) {
    last_.emplace_back(line);
    if (last_.size() > lines_kept) last_.pop_front();
    on_line_(line);
}

void OutputLines::finish() {
    for (int i = 0; i < reads_at_once && read_once() == More::yes; ++i) {
    }
    readiness_ = Readiness();
    if (!unfinished_.empty()) emit(std::exchange(unfinished_, {}));
}

}  // namespace poolhost::pool
