// SPDX-License-Identifier: Apache-2.0
// A failed call in words for a person.
#pragma once

#include "wire/call_error.hpp"

#include <string>
#include <vector>

namespace poolhost::cli {

/// First "KIND: message", then, indented, what helps to understand it. Control characters are made visible.
std::vector<std::string> failure_text(const wire::CallError& error);

}  // namespace poolhost::cli
