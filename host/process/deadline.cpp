// SPDX-License-Identifier: Apache-2.0
#include "process/deadline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace poolhost::process {

struct Deadline::State {
    boost::asio::steady_timer timer;
    std::function<void()> on_passed;
    bool wanted = true;
};

Deadline::Deadline(boost::asio::io_context& loop, base::Duration after, std::function<void()> on_passed)
    : state_(std::make_shared<State>(State{boost::asio::steady_timer(loop, after), std::move(on_passed)})) {
    // Cancelling does not take back a handler that is queued already; therefore `wanted`.
    state_->timer.async_wait([state = state_](const auto& error) {
        if (!error && state->wanted) state->on_passed();
    });
}

Deadline::~Deadline() {
    state_->wanted = false;
    state_->timer.cancel();
}

}  // namespace poolhost::process
