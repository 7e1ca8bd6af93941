// SPDX-License-Identifier: Apache-2.0
// What a program does that was started as a worker: from its birth to its _exit.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"

#include <functional>

namespace poolhost::process {

/// What a worker runs, whichever way it was started. `socket` is its end of the channel; the result is its exit code.
/// An exception that leaves it is written to standard error and ends the worker with exception_exit_code.
using WorkerEntry = std::function<int(base::UniqueFd socket)>;

inline constexpr int exception_exit_code = 70;     // EX_SOFTWARE of sysexits.h
inline constexpr int birth_failed_exit_code = 71;  // EX_OSERR

/// The descriptors with which every worker and fork server begins, besides 0 (/dev/null), 1 and 2.
inline constexpr int socket_number = 3;
inline constexpr int lifeline_number = 4;

/// In a program that was started by a spawn starter or as a fork server: its end of the socket to the host. From here
/// on what it executes inherits neither the socket nor the lifeline. An error where the program was started otherwise,
/// by hand for instance.
base::Result<base::UniqueFd> take_birth_socket();

/// Runs the entry, flushes standard output and ends the process by _exit: no destructor of a static object runs.
[[noreturn]] void live_as_worker(const WorkerEntry& entry, base::UniqueFd socket);
/// The same with the socket that this program was started with; says on standard error where there is none (exit 2).
[[noreturn]] void live_as_spawned_worker(const WorkerEntry& entry);

}  // namespace poolhost::process
