// SPDX-License-Identifier: Apache-2.0
// What the pool waits for on the loop: descriptors and times. Keeps Asio out of the other headers.
#pragma once

#include "base/clock.hpp"

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace poolhost::pool {

/// Calls back on the loop whenever a descriptor is readable, until destroyed. The descriptor stays its owner's and must
/// outlive this; its description becomes non-blocking. May be destroyed from within the call.
class Readiness {
public:
    Readiness() = default;
    Readiness(boost::asio::io_context& loop, int fd, std::function<void()> on_readable);
    Readiness(Readiness&&) noexcept;
    Readiness& operator=(Readiness&&) noexcept;
    ~Readiness();

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// Calls back on the loop once at a time. Arming it again forgets the former time. May be destroyed from within the
/// call.
class Timer {
public:
    Timer(boost::asio::io_context& loop, std::function<void()> on_time);
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer();

    void arm(base::TimePoint at);
    void arm_after(base::Duration delay) { arm(base::Clock::now() + delay); }
    void disarm();
    [[nodiscard]] bool armed() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace poolhost::pool
