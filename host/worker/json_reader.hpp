// SPDX-License-Identifier: Apache-2.0
// JSON to MessagePack, by the rules of docs/abi.md: 64-bit integers survive, {"$bytes": …} is bytes, {"$float": …} is
// what JSON cannot say, and a user's own key that begins with $ has it doubled.
#pragma once

#include "worker/messagepack_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace poolhost::worker {

/// Deeper nesting is an error, here and on the way back.
inline constexpr std::size_t deepest_json = 256;

struct JsonFault {
    std::string message;  // says where
    // In which element or member of the outermost array or object; 0 and empty where it is none of them in particular.
    std::size_t element = 0;  // from 1
    std::string member{};
};

/// Appends the one value of `text` to `out`; after a fault what it appended is to be thrown away.
std::optional<JsonFault> read_json(std::string_view text, MessagePackWriter& out);

}  // namespace poolhost::worker
