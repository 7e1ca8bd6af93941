// SPDX-License-Identifier: Apache-2.0
// One output pipe of a worker, read line by line without ever waiting for it.
#pragma once

#include "base/fd.hpp"
#include "pool/event.hpp"

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::pool {

/// A line without its end. Lines longer than 16 KiB come in pieces.
using OnLine = std::function<void(std::string_view line)>;

class OutputLines {
public:
    OutputLines(boost::asio::io_context& loop, base::UniqueFd pipe, OnLine on_line);

    /// Reads until reading would block, then gives out an unfinished last line too. For a worker that has ended: its
    /// grandchildren may hold the pipe open for ever, so the end of file is not waited for.
    void finish();
    /// The newest lines, oldest first.
    [[nodiscard]] std::vector<std::string> last_lines() const { return {last_.begin(), last_.end()}; }

private:
    void on_readable();
    enum class More { yes, no };
    More read_once();
    void take(std::string_view bytes);
    void emit(std::string_view line);

    base::UniqueFd pipe_;
    OnLine on_line_;
    std::string unfinished_;
    std::deque<std::string> last_;
    Readiness readiness_;  // last: it refers to pipe_
};

}  // namespace poolhost::pool
