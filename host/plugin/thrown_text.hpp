// SPDX-License-Identifier: Apache-2.0
// Runs a plugin's own code while it is loaded, and says what it threw.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace poolhost::plugin {

/// Runs `run` and gives the text of the exception that left it, if any. An exception in a static constructor cannot
/// pass through dlopen (glibc's frames let none through, and std::terminate is called in the middle): it is met there
/// and dlopen is left by a jump. Its locks stay taken by this thread, which may go on calling it; the process should
/// end soon.
std::optional<std::string> thrown_by(const std::function<void()>& run);

}  // namespace poolhost::plugin
