// SPDX-License-Identifier: Apache-2.0
// Tells on the loop that a process has ended.
#pragma once

#include "base/error.hpp"
#include "process/process.hpp"

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace poolhost::process {

/// Calls once, from the loop, when the process has ended (it is not reaped yet); never after it was destroyed. It may
/// be destroyed from within the call, and outlive the Process.
class ExitWatch {
public:
    static base::Result<ExitWatch> start(boost::asio::io_context& loop, const Process& process,
                                         std::function<void()> on_exit);
    ExitWatch(ExitWatch&&) noexcept;
    ExitWatch& operator=(ExitWatch&&) noexcept;
    ~ExitWatch();

private:
    struct State;
    explicit ExitWatch(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace poolhost::process
