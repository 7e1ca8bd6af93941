// SPDX-License-Identifier: Apache-2.0
// How a line of the log looks, as text and as JSON: pure functions.
#pragma once

#include "pool/listener.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace poolhost::cli {

/// What a pool, or a command (then `pool` is empty), has to say by itself.
struct LogMessage {
    std::int32_t level = 1;  // POOLHOST_LOG_…
    std::string_view pool = {};
    std::string_view text = {};
};

/// "[thumbs 2 image.thumbnail #17] text", "[thumbs template] text"; with "warning: " and the like before the text where
/// a task logged it. Control characters appear as \xNN, except tabs and what sets colours.
std::string text_line(const pool::WorkerLine& line);
/// "poolhost: warning: thumbs: text"; of a command without the pool, and without the level where it is information.
std::string text_line(const LogMessage& message);

using WallTime = std::chrono::system_clock::time_point;

/// One JSON object: time (RFC 3339, UTC), level, pool, worker (the rank), pid, call, task, stream and message. What is
/// not known is left out. Bytes that are not UTF-8 become U+FFFD, so that a message is always text.
std::string json_line(const pool::WorkerLine& line, WallTime now);
std::string json_line(const LogMessage& message, WallTime now);

}  // namespace poolhost::cli
