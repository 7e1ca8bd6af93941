// SPDX-License-Identifier: Apache-2.0
// The one clock: monotonic, the same in every process of this machine.
#pragma once

#include <chrono>

namespace poolhost::base {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = std::chrono::nanoseconds;

}  // namespace poolhost::base
