// SPDX-License-Identifier: Apache-2.0
// What a worker that is a fork does from the fork to its end; never returns into the code that forked it.
#pragma once

#include "process/child_setup.hpp"
#include "process/worker_role.hpp"

namespace poolhost::process {

/// Writes out what lies in the buffers of standard streams, which parent and child would both write otherwise.
void flush_before_fork();

/// Sets itself up or dies, and keeps its descriptors from what it executes. Returns its socket.
base::UniqueFd be_set_up(const Endowment& endowment);

/// The whole life of such a worker.
[[noreturn]] void live_as_fork(const Endowment& endowment, const WorkerEntry& entry);

}  // namespace poolhost::process
