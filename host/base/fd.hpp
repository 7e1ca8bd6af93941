// SPDX-License-Identifier: Apache-2.0
// An owned file descriptor.
#pragma once

#include "base/error.hpp"

#include <utility>

namespace poolhost::base {

/// Closes its descriptor when destroyed. -1 means none.
class UniqueFd {
public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) noexcept : fd_(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        reset(other.release());
        return *this;
    }
    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;
    ~UniqueFd() { reset(); }

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
    void reset(int fd = -1) noexcept;

private:
    int fd_ = -1;
};

/// Both ends of something; every descriptor is close-on-exec.
struct FdPair {
    UniqueFd first;
    UniqueFd second;
};

/// A Unix socket pair that keeps message boundaries (SOCK_SEQPACKET).
Result<FdPair> make_socket_pair();
/// first: the reading end, second: the writing end.
Result<FdPair> make_pipe();
Result<UniqueFd> duplicate(int fd);

}  // namespace poolhost::base
