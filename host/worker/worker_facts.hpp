// SPDX-License-Identifier: Apache-2.0
// What the kernel says of this process: for looking at a worker from outside, and for showing that the three start
// methods make the same ones.
#pragma once

#include <poolhost/sdk.hpp>

namespace poolhost::worker {

/// pid, ppid, pgid, working_directory, descriptors (numbers), blocked_signals, ignored_signals, caught_signals
/// (numbers), nice, cpu_affinity (numbers), threads, private_memory (bytes), limits {memory, open_files, stack, core:
/// the soft one in bytes, or null for none}.
value::map worker_facts();

}  // namespace poolhost::worker
