// SPDX-License-Identifier: Apache-2.0
// What a program does that was started as a fork server: prepares once, then forks workers on request.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"
#include "process/worker_role.hpp"

#include <cstddef>
#include <functional>
#include <span>

namespace poolhost::process {

struct ForkServerRole {
    /// Called once with the starter's description, before the first fork. An error reaches the host verbatim and ends
    /// the server. It may start no thread that is still there when it returns.
    std::function<base::Result<void>(std::span<const std::byte> description)> prepare;
    /// Run by each worker, in a fork of the prepared process.
    WorkerEntry worker;
    /// Memory that holds, as a C string, what prepare() is doing; for the host, where that crashes.
    const char* step = "preparing the fork server";
};

/// Serves until the host closes its end. `socket` comes from take_birth_socket(). Returns the exit code; the program
/// is to end by _exit with it, so that what prepare() made is not torn down beside running workers.
int serve_forks(base::UniqueFd socket, const ForkServerRole& role);

}  // namespace poolhost::process
