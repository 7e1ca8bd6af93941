// SPDX-License-Identifier: Apache-2.0
// Errors cut to what fits into one record, whatever a task put into them.
#pragma once

#include "wire/call_error.hpp"

#include <string_view>

namespace poolhost::worker {

wire::CallError bounded(wire::CallError error);

/// At most `most` bytes of a text, and never half of a UTF-8 sequence.
std::string_view cut_text(std::string_view text, std::size_t most);

}  // namespace poolhost::worker
