// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace poolhost::base {
namespace {

constexpr int patience_ms = 1000;
// O_NONBLOCK would change the description for everybody who shares it (a terminal, a pipe of the caller's). But a pipe
// that poll() calls writable takes PIPE_BUF bytes without blocking.
constexpr std::size_t piece = PIPE_BUF;
// A loop has other things to do.
constexpr std::size_t most_at_once = std::size_t{64} * 1024;

bool is_regular_file(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

std::string in_plain_words(std::uint64_t lines) {
    return "poolhost: warning: " + std::to_string(lines) + " lines were dropped here";
}

}  // namespace

Log::Log(int fd) : fd_(fd), never_waits_(is_regular_file(fd)), dropped_in_words_(in_plain_words) {}

Log::~Log() { finish(); }

void Log::flush_later(std::function<void()> flush_soon) {
    flush_soon_ = std::move(flush_soon);
    if (flush_soon_ && !kept_.empty()) flush_soon_();
}

bool Log::writable(int milliseconds) const {
    pollfd entry{fd_, POLLOUT, 0};
    return ::poll(&entry, 1, milliseconds) == 1 && (entry.revents & (POLLOUT | POLLERR | POLLNVAL)) != 0;
}

void Log::write(std::string_view line) {
    if (dropped_untold_ > 0 || !has_room(line.size())) flush();
    if (dropped_untold_ > 0 || !has_room(line.size())) {
        ++dropped_;
        ++dropped_untold_;
        return;
    }
    keep(line);
    if (!flush_soon_) flush();
}

void Log::keep(std::string_view line) {
    if (kept_.empty() && flush_soon_) flush_soon_();
    kept_.append(line);
    kept_ += '\n';
}

// Only once there is much room again: the lines that follow shall not fall into the next hole at once.
void Log::tell_dropped() {
    if (dropped_untold_ == 0 || kept_.size() > most_kept / 2) return;
    keep(dropped_in_words_(std::exchange(dropped_untold_, 0)));
}

bool Log::flush() {
    const std::size_t end = std::min(kept_.size(), most_at_once);
    std::size_t written = 0;
    while (written < end && (never_waits_ || writable(0))) {
        const std::size_t wish = never_waits_ ? end : piece;
        const ssize_t size = ::write(fd_, kept_.data() + written, std::min(wish, end - written));
        if (size < 0 && errno == EINTR) continue;
        // Nobody will ever read it; unless somebody else has made the descriptor non-blocking.
        if (size <= 0 && errno != EAGAIN) written = kept_.size();
        if (size <= 0) break;
        written += static_cast<std::size_t>(size);
    }
    kept_.erase(0, written);
    tell_dropped();
    return kept_.empty();
}

void Log::finish() {
    flush_soon_ = nullptr;
    std::size_t before = std::string::npos;
    while (!flush() && (kept_.size() < before || writable(patience_ms))) before = kept_.size();
}

}  // namespace poolhost::base
