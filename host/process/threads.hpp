// SPDX-License-Identifier: Apache-2.0
// What the kernel says of this process's own threads and children.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace poolhost::process {

/// The names of all threads of this process, the main thread's first.
std::vector<std::string> thread_names();

/// An error that names the threads, where there is more than one: "cannot fork: this process has 2 threads (main, x)".
/// `what` is what cannot be done.
base::Result<void> require_single_thread(std::string_view what);

/// The children of this process, ended ones included, in no order.
std::vector<pid_t> children();

}  // namespace poolhost::process
