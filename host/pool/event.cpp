// SPDX-License-Identifier: Apache-2.0
#include "pool/event.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace poolhost::pool {

struct Readiness::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& loop, int fd, std::function<void()> callback)
        : descriptor(loop, fd), on_readable(std::move(callback)) {}

    void wait() {
        descriptor.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                              [self = shared_from_this()](const boost::system::error_code& error) {
                                  if (error || self->ended) return;
                                  self->on_readable();
                                  if (!self->ended) self->wait();
                              });
    }

    boost::asio::posix::stream_descriptor descriptor;
    std::function<void()> on_readable;
    bool ended = false;
};

Readiness::Readiness(boost::asio::io_context& loop, int fd, std::function<void()> on_readable)
    : state_(std::make_shared<State>(loop, fd, std::move(on_readable))) {
    state_->wait();
}
Readiness::Readiness(Readiness&&) noexcept = default;
Readiness& Readiness::operator=(Readiness&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
Readiness::~Readiness() {
    if (!state_) return;
    state_->ended = true;
    state_->descriptor.release();  // cancels the wait; the descriptor stays open
}

struct Timer::State {
    State(boost::asio::io_context& loop, std::function<void()> callback) : timer(loop), on_time(std::move(callback)) {}

    boost::asio::steady_timer timer;
    std::function<void()> on_time;
    std::uint64_t arming = 0;  // a handler of a former arming may be on its way already
    bool armed = false;
};

Timer::Timer(boost::asio::io_context& loop, std::function<void()> on_time)
    : state_(std::make_shared<State>(loop, std::move(on_time))) {}
Timer::~Timer() { disarm(); }

void Timer::arm(base::TimePoint at) {
    state_->armed = true;
    state_->timer.expires_at(at);
    state_->timer.async_wait([state = state_, arming = ++state_->arming](const boost::system::error_code& error) {
        if (error || !state->armed || state->arming != arming) return;
        state->armed = false;
        state->on_time();
    });
}

void Timer::disarm() {
    state_->armed = false;
    state_->timer.cancel();
}

bool Timer::armed() const { return state_->armed; }

}  // namespace poolhost::pool
