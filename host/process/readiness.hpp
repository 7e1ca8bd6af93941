// SPDX-License-Identifier: Apache-2.0
// Tells on the loop that a descriptor can be read, and is safe to destroy at any moment.
#pragma once

#include "base/error.hpp"

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace poolhost::process {

enum class Next { wait_again, stop };

/// Calls from the loop whenever `fd` is readable or at its end; never after it was destroyed, which may happen within
/// the call. Does not own `fd`, which has to stay open as long; its description becomes non-blocking.
class Readiness {
public:
    static base::Result<Readiness> watch(boost::asio::io_context& loop, int fd, std::function<Next()> on_readable);
    Readiness(Readiness&&) noexcept = default;
    Readiness& operator=(Readiness&& other) noexcept;
    ~Readiness();

private:
    struct State;
    explicit Readiness(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

}  // namespace poolhost::process
