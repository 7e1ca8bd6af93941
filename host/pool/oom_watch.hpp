// SPDX-License-Identifier: Apache-2.0
// Tells a SIGKILL by the kernel, for want of memory, from anybody else's, by the kernel's own counters.
#pragma once

#include "base/clock.hpp"
#include "base/control_groups.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace poolhost::pool {

/// Counts the kernel's kills in this process's memory control group, version 2 or 1, or where there is none on the
/// whole machine. Each kill explains one death, and only a recent one: of an older one the victim was somebody else.
class OomWatch {
public:
    /// What was counted before explains nothing.
    OomWatch(base::ReadFile read, base::TimePoint now);

    /// Takes note of new kills, so that it is known later how old they are. Reads one small file.
    void look(base::TimePoint now);
    /// For a worker that was killed by SIGKILL, and not by its host. The kernel counts before it kills.
    [[nodiscard]] bool explains_a_kill(base::TimePoint now);

    /// The one of this process, beginning with the first call: the counters know nothing of pools.
    static OomWatch& of_this_process();

private:
    [[nodiscard]] std::optional<std::uint64_t> count_in(const std::string& file) const;
    [[nodiscard]] std::string find_counter() const;

    base::ReadFile read_;
    std::string file_;  // holds a line "oom_kill N"; empty: there is none
    std::uint64_t counted_ = 0;
    std::deque<base::TimePoint> unexplained_;  // kills by when they were noticed, oldest first
};

}  // namespace poolhost::pool
