// SPDX-License-Identifier: Apache-2.0
// What a call used of CPU time and memory, measured so that calls of microseconds do not pay for it.
#pragma once

#include "base/clock.hpp"
#include "base/fd.hpp"

#include <cstdint>
#include <optional>

namespace poolhost::worker {

struct Usage {
    std::int64_t cpu_ns = 0;
    std::int64_t memory_growth = 0;  // bytes of private resident memory; negative where it shrank
};

/// A reading costs microseconds, so it is taken anew before a call only where the last is 50 µs old, and after a call
/// only where that lasted a millisecond.
class UsageMeter {
public:
    UsageMeter();
    void before_call(base::TimePoint now);
    /// Nothing where the call was too short to be measured.
    std::optional<Usage> after_call(base::Duration run, base::TimePoint now);

private:
    struct Reading {
        base::TimePoint at;
        std::int64_t cpu_ns = 0;
        std::int64_t memory = 0;
    };
    [[nodiscard]] Reading read(base::TimePoint now) const;
    [[nodiscard]] std::int64_t private_memory() const;

    base::UniqueFd statm_;
    std::int64_t page_size_;
    Reading last_;
};

}  // namespace poolhost::worker
