// SPDX-License-Identifier: Apache-2.0
// Signals of this process as events of the loop.
#pragma once

#include "base/error.hpp"

#include <functional>
#include <memory>
#include <span>

namespace boost::asio {
class io_context;
}

namespace poolhost::process {

/// Reads blocked signals through a signalfd. (Asio's signal_set installs handlers that a forked child would share.)
/// Calls from the loop with the signal's number, again and again; never after it was destroyed. Several pending
/// signals of one number are one event.
class SignalSource {
public:
    /// Blocks the given signals in this thread.
    static base::Result<SignalSource> start(boost::asio::io_context& loop, std::span<const int> signals,
                                            std::function<void(int)> on_signal);
    SignalSource(SignalSource&&) noexcept;
    SignalSource& operator=(SignalSource&&) noexcept;
    ~SignalSource();

private:
    struct State;
    explicit SignalSource(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Reaps orphans whenever a child ended, as long as it lives: what a subreaper owes to those whom it adopted.
base::Result<SignalSource> reap_orphans_on(boost::asio::io_context& loop);

}  // namespace poolhost::process
