// SPDX-License-Identifier: Apache-2.0
// The input and the output of a map: read and written without ever holding up the loop, and without changing the
// descriptors for the shell and the other programs that share them.
//
// O_NONBLOCK belongs to the open file description, which the shell may hold as well. So a pipe or a terminal is opened
// a second time through /proc, for a description of our own; a socket is asked not to wait each time; and where the
// second opening is not allowed, no more is written than poll() promises to take. Regular files never wait for anybody.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"
#include "pool/event.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace poolhost::cli {

/// Tells once, when asked to, that a descriptor can be read or written, or that its other end is gone. Its flags stay
/// as they are. Descriptors that never wait, such as regular files, cannot be watched.
class DescriptorWatch {
public:
    enum class For { reading, writing };
    /// `on_event` is called from the loop.
    static base::Result<DescriptorWatch> start(boost::asio::io_context& loop, int fd, std::function<void()> on_event);

    /// Asks for one event; asking again changes what is waited for.
    void ask(For what);
    /// Asks for no more than that the other end went away.
    void ask_for_hang_up();

private:
    DescriptorWatch(int fd, base::UniqueFd set, pool::Readiness readiness);
    void arm(std::uint32_t events);

    int fd_;
    base::UniqueFd set_;  // an epoll of its own, whose description may become non-blocking
    pool::Readiness readiness_;
};

/// What one attempt to read or write came to.
struct Transfer {
    enum class Kind { some, would_wait, end, failed };
    Kind kind = Kind::failed;
    std::size_t size = 0;  // bytes, with `some`
    int error = 0;         // errno, with `failed`
};

class InputStream {
public:
    /// `on_readable` is called from the loop after wait(), once.
    static base::Result<InputStream> open(boost::asio::io_context& loop, int fd, std::function<void()> on_readable);

    [[nodiscard]] Transfer read(std::span<char> into);
    void wait();
    /// Of a regular file, counted from where it stood when it was opened.
    [[nodiscard]] std::optional<std::uint64_t> size() const { return size_; }

private:
    int fd_ = -1;
    base::UniqueFd own_;
    bool socket_ = false;
    std::optional<std::uint64_t> size_;
    std::optional<DescriptorWatch> watch_;
};

class OutputStream {
public:
    /// `on_event` is called from the loop, when after wait() there is room again, or when the reader went away.
    static base::Result<OutputStream> open(boost::asio::io_context& loop, int fd, std::function<void()> on_event);

    /// `end`: the reader went away.
    [[nodiscard]] Transfer write(std::string_view bytes);
    void wait();
    /// Whether the reader went away, though nothing is being written.
    [[nodiscard]] bool reader_gone() const;

private:
    int fd_ = -1;
    base::UniqueFd own_;
    enum class Manner { direct, socket, pieces } manner_ = Manner::direct;
    bool pipe_ = false;
    std::optional<DescriptorWatch> watch_;
};

}  // namespace poolhost::cli
