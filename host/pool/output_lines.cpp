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

bool continues_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// No longer than the longest line, and not within a character where that can be helped.
std::size_t first_piece(std::string_view line) {
    if (line.size() <= longest_line) return line.size();
    constexpr std::size_t longest_character = 4;
    std::size_t size = longest_line;
    while (size > longest_line - longest_character && continues_a_character(line[size])) --size;
    return continues_a_character(line[size]) ? longest_line : size;
}

}  // namespace

OutputLines::OutputLines(boost::asio::io_context& loop, base::UniqueFd pipe, OnLine on_line)
    : pipe_(std::move(pipe)), on_line_(std::move(on_line)) {
    ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);  // the reading end's description is ours alone
    readiness_ = Readiness(loop, pipe_.get(), [this] {
        if (read_once() == Reading::ended) emit_unfinished();
    });
}

OutputLines::Reading OutputLines::read_once() {
    char space[bytes_at_once];
    ssize_t size = -1;
    do {
        size = ::read(pipe_.get(), space, sizeof space);
    } while (size < 0 && errno == EINTR);
    if (size > 0) {
        take(std::string_view(space, static_cast<std::size_t>(size)));
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

void OutputLines::take(std::string_view bytes) {
    for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
        unfinished_.append(bytes.substr(0, end));
        if (unfinished_.ends_with('\r')) unfinished_.pop_back();
        emit_in_pieces(unfinished_);
        unfinished_.clear();
        bytes.remove_prefix(end + 1);
    }
    unfinished_.append(bytes);
    while (unfinished_.size() > longest_line) {
        const std::size_t piece = first_piece(unfinished_);
        emit(std::string_view(unfinished_).substr(0, piece));
        unfinished_.erase(0, piece);
    }
}

void OutputLines::emit_in_pieces(std::string_view line) {
    do {
        const std::size_t piece = first_piece(line);
        emit(line.substr(0, piece));
        line.remove_prefix(piece);
    } while (!line.empty());
}

void OutputLines::emit_unfinished() {
    if (unfinished_.empty()) return;
    emit(unfinished_);
    unfinished_.clear();
}

void OutputLines::emit(std::string_view line) {
    last_.emplace_back(line);
    if (last_.size() > lines_kept) last_.pop_front();
    on_line_(line);
}

void OutputLines::read_to_here() {
    if (read_full_pipe() != Reading::more) emit_unfinished();
}

void OutputLines::finish() {
    const Reading reading = read_full_pipe();
    readiness_ = Readiness();
    emit_unfinished();
    int unread = 0;
    if (reading != Reading::more || ::ioctl(pipe_.get(), FIONREAD, &unread) != 0 || unread == 0) return;
    emit("poolhost: " + std::to_string(unread) + " more bytes were left unread");
}

}  // namespace poolhost::pool
