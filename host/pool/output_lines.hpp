// SPDX-License-Identifier: Apache-2.0
// One output pipe of a worker or template, read line by line without ever waiting for it.
#pragma once

#include "base/fd.hpp"
#include "pool/event.hpp"
#include "pool/line_splitter.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::pool {

/// Reads a bounded piece in each turn of the loop, so that a flood keeps it from nothing else. The writer never waits
/// for longer than that takes.
class OutputLines {
public:
    OutputLines(boost::asio::io_context& loop, base::UniqueFd pipe, OnLine on_line);

    /// Reads what a full pipe holds, and gives out an unfinished last line too: what was written until now belongs
    /// together.
    void read_to_here();
    /// The same for a writer that has ended, and then reads no more: its children may hold the pipe open for ever. What
    /// it leaves unread is told as a line of its own.
    void finish();
    /// The newest lines, oldest first.
    [[nodiscard]] std::vector<std::string> last_lines() const { return {last_.begin(), last_.end()}; }

private:
    enum class Reading { more, empty, ended };
    Reading read_once();
    Reading read_full_pipe();
    void emit(std::string_view line);

    base::UniqueFd pipe_;
    OnLine on_line_;
    LineSplitter splitter_;
    std::deque<std::string> last_;
    Readiness readiness_;  // last: it refers to pipe_
};

}  // namespace poolhost::pool
