// SPDX-License-Identifier: Apache-2.0
// Lines on standard error from a process that must never wait for whoever reads them.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace poolhost::base {

/// Keeps what the descriptor does not take at once, up to a bound; beyond it lines are dropped and counted, and the
/// count is written as a line as soon as there is room. One thread.
class Log {
public:
    static constexpr std::size_t most_kept = std::size_t{1024} * 1024;  // bytes

    explicit Log(int fd);
    /// Waits as finish() does.
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// `line` without its end. Control characters are the caller's matter.
    void write(std::string_view line);
    /// Writes what the descriptor takes now, 64 KiB at most; true where nothing is kept any more.
    bool flush();
    /// At the end: waits for a slow reader, but for none that reads nothing for a second.
    void finish();

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

    /// Makes the line that tells how many were dropped in its place.
    void tell_dropped_by(std::function<std::string(std::uint64_t lines)> in_words) {
        dropped_in_words_ = std::move(in_words);
    }
    /// From now on write() only keeps lines, and `flush_soon` is called where there were none before: a loop writes
    /// many lines at once. An empty function ends that.
    void flush_later(std::function<void()> flush_soon);

private:
    [[nodiscard]] bool writable(int milliseconds) const;
    [[nodiscard]] bool has_room(std::size_t line_size) const { return kept_.size() + line_size < most_kept; }
    void keep(std::string_view line);
    void tell_dropped();

    int fd_;
    bool never_waits_;  // a regular file
    std::string kept_;
    std::uint64_t dropped_ = 0;
    std::uint64_t dropped_untold_ = 0;
    std::function<std::string(std::uint64_t lines)> dropped_in_words_;
    std::function<void()> flush_soon_;
};

}  // namespace poolhost::base
