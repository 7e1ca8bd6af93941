// SPDX-License-Identifier: Apache-2.0
// What plugin code this process runs while it is prepared, where a signal handler can read it.
#pragma once

#include <string_view>

namespace poolhost::worker {

/// "on_preload of plugin 'x'"; cut where it is very long. Main thread.
void set_current_step(std::string_view step);
/// The same memory always; a C string.
const char* current_step();

}  // namespace poolhost::worker
