// SPDX-License-Identifier: Apache-2.0
// What is done after a death, outside of host and dead worker: the stack is named, the input kept and fingerprinted.
#pragma once

#include "aftermath/unwind.hpp"
#include "base/fd.hpp"
#include "wire/aftermath.hpp"

#include <functional>
#include <span>
#include <vector>

namespace poolhost::aftermath {

/// unwind.hpp's name_stack(), or a test's.
using NameStack = std::function<base::Result<std::vector<std::string>>(
    const wire::StackSample& sample, std::span<const wire::PluginFile> plugins,
    const std::function<void(const std::vector<std::string>&)>& on_raw)>;

/// Whoever waits for the findings, which grow: it may be told several times, and keeps the newest.
using Tell = std::function<void(const wire::Findings&)>;

/// In the order in which it matters should time run out: raw stack, digest, named stack, capsule. `buffers` are the
/// memories of the call's buffers. Never fails: what could not be found out is said in the findings.
void run_aftermath(const wire::AftermathRequest& request, std::span<const base::UniqueFd> buffers,
                   const NameStack& name_stack, const Tell& tell);

}  // namespace poolhost::aftermath
