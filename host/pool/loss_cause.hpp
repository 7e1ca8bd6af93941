// SPDX-License-Identifier: Apache-2.0
// Why a worker died in a call: a pure function of what the death left behind.
#pragma once

#include "base/bytes.hpp"
#include "process/exit_status.hpp"
#include "wire/call_error.hpp"

#include <optional>

namespace poolhost::pool {

/// What is known of a worker that ended by itself, that is without its host's doing.
struct LossEvidence {
    process::ExitStatus status{};
    std::optional<base::Bytes> memory_limit{};  // the pool's limits.memory
    base::Bytes data_size{};                    // of its stack sample; 0: unknown
    bool oom_kill = false;                      // OomWatch::explains_a_kill(); asked only for a SIGKILL
};

/// oom: the kernel killed it for want of memory. limit: it used up what the pool's `limits` allow, or crashed within an
/// eighth of its memory limit, where allocations fail. killed: by a signal that somebody sends and no fault raises.
/// exit: it ended itself. crash: everything else.
wire::LossCause loss_cause(const LossEvidence& evidence);

}  // namespace poolhost::pool
