// SPDX-License-Identifier: Apache-2.0
// Bytes as they come, given out as lines.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace poolhost::pool {

/// Longer lines come in pieces, cut between characters where they are UTF-8.
inline constexpr std::size_t longest_line = std::size_t{16} * 1024;

/// A line without its end ("\n" or "\r\n").
using OnLine = std::function<void(std::string_view line)>;

class LineSplitter {
public:
    explicit LineSplitter(OnLine on_line) : on_line_(std::move(on_line)) {}

    void take(std::string_view bytes);
    /// Gives out a last line that has no end.
    void finish();

private:
    void emit_in_pieces(std::string_view line);

    OnLine on_line_;
    std::string unfinished_;
};

}  // namespace poolhost::pool
