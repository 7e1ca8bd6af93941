// SPDX-License-Identifier: Apache-2.0
// A worker that a fork server was asked for, until it is born or lost.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "process/birth.hpp"
#include "process/deadline.hpp"
#include "process/readiness.hpp"

#include <functional>
#include <optional>
#include <variant>

namespace poolhost::process {

/// The child's ends were closed and nobody said why.
struct BirthLost {
    base::Error error;
};
/// Nothing happened in time.
struct BirthLate {
    base::Error error;
};
using BirthOutcome = std::variant<Newborn, base::Error, BirthLost, BirthLate>;

/// Waits for the worker's hello on its own socket. Who said it, the kernel knows: so the pid is neither guessed nor
/// taken from a message.
class PendingBirth {
public:
    /// `on_outcome` is called once, from the loop, and may destroy this.
    static base::Result<std::unique_ptr<PendingBirth>> await(boost::asio::io_context& loop, Connections connections,
                                                             base::Duration timeout,
                                                             std::function<void(BirthOutcome)> on_outcome);

private:
    PendingBirth(boost::asio::io_context& loop, Connections connections, base::Duration timeout,
                 std::function<void(BirthOutcome)> on_outcome);
    std::optional<BirthOutcome> look();
    BirthOutcome welcome(pid_t pid);
    BirthOutcome lost() const;
    void end(BirthOutcome outcome);

    Connections connections_;
    std::function<void(BirthOutcome)> on_outcome_;
    std::optional<Readiness> readiness_;
    std::optional<Deadline> deadline_;
};

}  // namespace poolhost::process
