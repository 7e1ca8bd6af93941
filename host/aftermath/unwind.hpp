// SPDX-License-Identifier: Apache-2.0
// From a stack sample to frames: unwound with the call frame tables of the files that were mapped, then named.
#pragma once

#include "base/error.hpp"
#include "wire/description.hpp"
#include "wire/stack.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace poolhost::aftermath {

/// One frame a line, innermost first. `on_raw` is told the addresses alone ("0x… in libmine.so+0x1139") as soon as they
/// are known; what is returned has names and, where there is debug information, source lines:
/// "parse(char const*) at parse.cpp:12 (libmine.so+0x1139)". An error where not even one frame can be told. A file
/// whose build id is no longer the one in `plugins` gives addresses only, and says so.
base::Result<std::vector<std::string>> name_stack(const wire::StackSample& sample,
                                                  std::span<const wire::PluginFile> plugins,
                                                  const std::function<void(const std::vector<std::string>&)>& on_raw);

}  // namespace poolhost::aftermath
