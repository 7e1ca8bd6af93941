// SPDX-License-Identifier: Apache-2.0
// What people call the place of a frame: function, source line, file.
#pragma once

#include "aftermath/modules.hpp"
#include "aftermath/unwinder.hpp"

#include <string>
#include <vector>

namespace poolhost::aftermath {

/// "0x7f21… in libmine.so+0x1139".
std::string raw_text(const Modules& modules, const Frame& frame);

/// "parse(char const*) at parse.cpp:12 (libmine.so+0x1139)"; before it, the functions that were inlined there, each a
/// line of its own, innermost first. Without a name, the raw text.
std::vector<std::string> named_text(const Modules& modules, const Frame& frame);

}  // namespace poolhost::aftermath
