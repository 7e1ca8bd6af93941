// SPDX-License-Identifier: Apache-2.0
#include "cli/map_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

namespace poolhost::cli {

using base::Result;

namespace {

enum class Sort { never_waits, pipe, socket, other };

Result<struct stat> status_of(int fd, const char* what) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return base::system_error(what);
    return status;
}

Sort sort_of(const struct stat& status) {
    if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode)) return Sort::never_waits;
    if (S_ISFIFO(status.st_mode)) return Sort::pipe;
    if (S_ISSOCK(status.st_mode)) return Sort::socket;
    return Sort::other;
}

// The same pipe or terminal under a description of our own. None where that is not allowed, as after a change of user.
base::UniqueFd open_again(int fd, int mode) {
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    return base::UniqueFd(::open(path.c_str(), mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

bool ready(int fd, short events) {
    pollfd entry{fd, events, 0};
    return ::poll(&entry, 1, 0) == 1;
}

Transfer outcome_of(ssize_t size) {
    if (size > 0) return {Transfer::Kind::some, static_cast<std::size_t>(size), 0};
    if (size == 0) return {Transfer::Kind::end, 0, 0};
    if (errno == EAGAIN) return {Transfer::Kind::would_wait, 0, 0};
    if (errno == EPIPE || errno == ECONNRESET) return {Transfer::Kind::end, 0, 0};
    return {Transfer::Kind::failed, 0, errno};
}

Transfer attempt(const auto& transfer) {
    ssize_t size = -1;
    do {
        size = transfer();
    } while (size < 0 && errno == EINTR);
    return outcome_of(size);
}

}  // namespace

// ---- DescriptorWatch

DescriptorWatch::DescriptorWatch(int fd, base::UniqueFd set, pool::Readiness readiness)
    : fd_(fd), set_(std::move(set)), readiness_(std::move(readiness)) {}

Result<DescriptorWatch> DescriptorWatch::start(boost::asio::io_context& loop, int fd, std::function<void()> on_event) {
    base::UniqueFd set(::epoll_create1(EPOLL_CLOEXEC));
    if (!set) return base::system_error("epoll_create1");
    // EPOLLONESHOT without an event: but for a hang-up, nothing is told before it is asked for.
    epoll_event entry{EPOLLONESHOT, {}};
    if (::epoll_ctl(set.get(), EPOLL_CTL_ADD, fd, &entry) != 0) return base::system_error("epoll_ctl");
    pool::Readiness readiness(loop, set.get(), [epoll = set.get(), told = std::move(on_event)] {
        epoll_event event{};
        if (::epoll_wait(epoll, &event, 1, 0) == 1) told();
    });
    return DescriptorWatch(fd, std::move(set), std::move(readiness));
}

void DescriptorWatch::arm(std::uint32_t events) {
    epoll_event entry{events | EPOLLONESHOT, {}};
    ::epoll_ctl(set_.get(), EPOLL_CTL_MOD, fd_, &entry);
}

void DescriptorWatch::ask(For what) { arm(what == For::reading ? EPOLLIN : EPOLLOUT); }
void DescriptorWatch::ask_for_hang_up() { arm(0); }

// ---- InputStream

Result<InputStream> InputStream::open(boost::asio::io_context& loop, int fd, std::function<void()> on_readable) {
    const auto status = status_of(fd, "standard input");
    if (!status) return status.error();
    InputStream stream;
    stream.fd_ = fd;
    const Sort sort = sort_of(*status);
    if (sort == Sort::never_waits) {
        const off_t at = ::lseek(fd, 0, SEEK_CUR);
        if (S_ISREG(status->st_mode) && at >= 0 && at <= status->st_size) {
            stream.size_ = static_cast<std::uint64_t>(status->st_size - at);
        }
        return stream;
    }
    stream.socket_ = sort == Sort::socket;
    if (sort != Sort::socket) stream.own_ = open_again(fd, O_RDONLY);
    if (stream.own_) stream.fd_ = stream.own_.get();
    // What cannot be watched, such as /dev/null, does not wait either.
    auto watch = DescriptorWatch::start(loop, stream.fd_, std::move(on_readable));
    if (watch) stream.watch_.emplace(std::move(*watch));
    return stream;
}

Transfer InputStream::read(std::span<char> into) {
    if (socket_) return attempt([&] { return ::recv(fd_, into.data(), into.size(), MSG_DONTWAIT); });
    if (!own_ && watch_ && !ready(fd_, POLLIN)) return {Transfer::Kind::would_wait, 0, 0};
    return attempt([&] { return ::read(fd_, into.data(), into.size()); });
}

void InputStream::wait() {
    if (watch_) watch_->ask(DescriptorWatch::For::reading);
}

// ---- OutputStream

Result<OutputStream> OutputStream::open(boost::asio::io_context& loop, int fd, std::function<void()> on_event) {
    const auto status = status_of(fd, "standard output");
    if (!status) return status.error();
    OutputStream stream;
    stream.fd_ = fd;
    const Sort sort = sort_of(*status);
    if (sort == Sort::never_waits) return stream;
    if (sort != Sort::socket) stream.own_ = open_again(fd, O_WRONLY);
    if (stream.own_) stream.fd_ = stream.own_.get();
    stream.pipe_ = sort == Sort::pipe;
    auto watch = DescriptorWatch::start(loop, stream.fd_, std::move(on_event));
    if (!watch) return stream;  // such as /dev/null: it takes everything at once
    stream.manner_ = sort == Sort::socket ? Manner::socket : stream.own_ ? Manner::direct : Manner::pieces;
    stream.watch_.emplace(std::move(*watch));
    if (stream.pipe_) stream.watch_->ask_for_hang_up();
    return stream;
}

Transfer OutputStream::write(std::string_view bytes) {
    if (manner_ == Manner::socket) {
        return attempt([&] { return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL); });
    }
    if (manner_ == Manner::pieces) {
        if (!ready(fd_, POLLOUT)) return {Transfer::Kind::would_wait, 0, 0};
        bytes = bytes.substr(0, PIPE_BUF);
    }
    return attempt([&] { return ::write(fd_, bytes.data(), bytes.size()); });
}

void OutputStream::wait() {
    if (watch_) watch_->ask(DescriptorWatch::For::writing);
}

bool OutputStream::reader_gone() const { return pipe_ && ready(fd_, 0); }

}  // namespace poolhost::cli
