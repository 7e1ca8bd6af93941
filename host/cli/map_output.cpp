// SPDX-License-Identifier: Apache-2.0
#include "cli/map_output.hpp"

#include <cstring>
#include <string_view>

namespace poolhost::cli {
namespace {

// After a large result its memory is given back.
constexpr std::size_t standing_memory = 4 * 1024 * 1024;

}  // namespace

void LineOutput::flush() {
    if (state_ == State::reader_gone || state_ == State::failed) return;
    state_ = State::flowing;
    while (written_ < lines_.size()) {
        const Transfer put = stream_.write(std::string_view(lines_).substr(written_));
        if (put.kind == Transfer::Kind::some) {
            written_ += put.size;
            continue;
        }
        if (put.kind == Transfer::Kind::would_wait) {
            state_ = State::blocked;
            lines_.erase(0, written_);  // a reader that is always a little behind must not make this grow
            written_ = 0;
            stream_.wait();
            return;
        }
        if (put.kind == Transfer::Kind::end) {
            state_ = State::reader_gone;
        } else {
            fail(put.error);
        }
        return;
    }
    written_ = 0;
    if (lines_.capacity() > standing_memory) lines_ = {};
    lines_.clear();
}

void LineOutput::look_for_reader() {
    if (state_ != State::failed && stream_.reader_gone()) state_ = State::reader_gone;
}

void LineOutput::fail(int error) {
    state_ = State::failed;
    fault_ = std::string("cannot write the output: ") + std::strerror(error);
}

}  // namespace poolhost::cli
