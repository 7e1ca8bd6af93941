// SPDX-License-Identifier: Apache-2.0
// Lines on their way to the output: kept while it takes none, and counted, so that the map can stop feeding.
#pragma once

#include "cli/map_streams.hpp"

#include <string>

namespace poolhost::cli {

class LineOutput {
public:
    enum class State { flowing, blocked, reader_gone, failed };

    explicit LineOutput(OutputStream stream) : stream_(std::move(stream)) {}

    /// Lines are appended here.
    [[nodiscard]] std::string& lines() { return lines_; }
    [[nodiscard]] std::size_t unwritten() const { return lines_.size() - written_; }
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] const std::string& fault() const { return fault_; }

    /// Writes what can be written now; when blocked, the stream will call back.
    void flush();
    /// A reader that went away is noticed even while there is nothing to write.
    void look_for_reader();

private:
    void fail(int error);

    OutputStream stream_;
    std::string lines_;
    std::size_t written_ = 0;  // of lines_
    State state_ = State::flowing;
    std::string fault_;
};

}  // namespace poolhost::cli
