// SPDX-License-Identifier: Apache-2.0
// Tells on the loop, once, that a time has passed, and is safe to destroy at any moment.
#pragma once

#include "base/clock.hpp"

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace poolhost::process {

/// Never calls after it was destroyed, which may happen within the call.
class Deadline {
public:
    Deadline(boost::asio::io_context& loop, base::Duration after, std::function<void()> on_passed);
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace poolhost::process
