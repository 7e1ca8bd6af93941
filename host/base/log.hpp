// SPDX-License-Identifier: Apache-2.0
// Lines on standard error from a process that must never wait for whoever reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace poolhost::base {

/// Writes what the descriptor takes at once and keeps the rest, up to a bound; beyond it lines are dropped and counted,
/// and the count is written as a line as soon as there is room. One thread.
class Log {
public:
    explicit Log(int fd) : fd_(fd) {}
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// `line` without its end. Control characters other than tabs and terminal colours are the caller's matter.
    void write(std::string_view line);
    /// Tries again to write what is kept.
    void flush();
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    void write_now();
    bool writable() const;

    int fd_;
    std::string kept_;
    std::uint64_t dropped_ = 0;
    std::uint64_t dropped_untold_ = 0;
};

}  // namespace poolhost::base
