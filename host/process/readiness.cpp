// SPDX-License-Identifier: Apache-2.0
#include "process/readiness.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <utility>

namespace poolhost::process {

using Descriptor = boost::asio::posix::stream_descriptor;

struct Readiness::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& loop, std::function<Next()> call) : descriptor(loop), on_readable(std::move(call)) {}

    void wait() {
        // The handler keeps the state alive, so that it may run while its owner is being destroyed.
        descriptor.async_wait(Descriptor::wait_read, [self = shared_from_this()](const auto& error) {
            if (error || !self->wanted) return;
            if (self->on_readable() == Next::wait_again && self->wanted) self->wait();
        });
    }
    void stop() {
        wanted = false;
        if (descriptor.is_open()) descriptor.release();
    }

    Descriptor descriptor;
    std::function<Next()> on_readable;
    bool wanted = true;
};

base::Result<Readiness> Readiness::watch(boost::asio::io_context& loop, int fd, std::function<Next()> on_readable) {
    auto state = std::make_shared<State>(loop, std::move(on_readable));
    boost::system::error_code error;
    state->descriptor.assign(fd, error);
    if (error) return base::Error{"cannot watch a descriptor: " + error.message()};
    state->wait();
    return Readiness(std::move(state));
}

Readiness& Readiness::operator=(Readiness&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

Readiness::~Readiness() {
    if (state_) state_->stop();
}

}  // namespace poolhost::process
