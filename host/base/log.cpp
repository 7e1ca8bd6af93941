// SPDX-License-Identifier: Apache-2.0
#include "base/log.hpp"

#include <poll.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <climits>

namespace poolhost::base {
namespace {

constexpr std::size_t most_kept = 1024 * 1024;
// O_NONBLOCK would change the description for everybody who shares it (a terminal, a pipe of the caller's). But a pipe
// that poll() calls writable takes PIPE_BUF bytes without blocking.
constexpr std::size_t piece = PIPE_BUF;

}  // namespace

Log::~Log() { flush(); }

bool Log::writable() const {
    pollfd entry{fd_, POLLOUT, 0};
    return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0;
}

void Log::write(std::string_view line) {
    if (kept_.size() + line.size() + 1 > most_kept) flush();
    if (kept_.size() + line.size() + 1 > most_kept) {
        ++dropped_;
        ++dropped_untold_;
        return;
    }
    if (dropped_untold_ > 0) {
        kept_ += "poolhost: warning: " + std::to_string(dropped_untold_) + " lines were dropped here\n";
        dropped_untold_ = 0;
    }
    kept_.append(line);
    kept_ += '\n';
    write_now();
}

void Log::flush() { write_now(); }

void Log::write_now() {
    std::size_t written = 0;
    while (written < kept_.size() && writable()) {
        const ssize_t size = ::write(fd_, kept_.data() + written, std::min(piece, kept_.size() - written));
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) {
            written = kept_.size();  // nobody will ever read it
            break;
        }
        written += static_cast<std::size_t>(size);
    }
    kept_.erase(0, written);
}

}  // namespace poolhost::base
