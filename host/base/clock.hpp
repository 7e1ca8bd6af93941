// SPDX-License-Identifier: Apache-2.0
// The one clock: monotonic, the same in every process of this machine.
#pragma once

#include <chrono>
#include <string>

namespace poolhost::base {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = std::chrono::nanoseconds;

/// For people: "1.5 s", without zeros that say nothing.
std::string in_seconds(Duration duration);

}  // namespace poolhost::base
