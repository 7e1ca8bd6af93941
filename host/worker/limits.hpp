// SPDX-License-Identifier: Apache-2.0
// What a worker may use: its priority, its CPUs and its resource limits, set once before anything is loaded; and the
// CPU seconds of a call, a limit that moves on from call to call.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "wire/description.hpp"

namespace poolhost::worker {

/// Everything but cpu_seconds.
base::Result<void> apply_limits(const wire::WorkerDescription& description);

/// SIGXCPU ends the process when one call has used its CPU seconds. The kernel's limit counts the whole life of the
/// process and is moved ahead before a call, unless that was done a moment ago: so it is exact to a second or so.
class CpuLimit {
public:
    explicit CpuLimit(std::optional<std::uint64_t> seconds) : seconds_(seconds) {}
    void before_call(base::TimePoint now);

private:
    std::optional<std::uint64_t> seconds_;
    base::TimePoint moved_;
};

}  // namespace poolhost::worker
