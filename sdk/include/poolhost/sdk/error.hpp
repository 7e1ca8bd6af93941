// SPDX-License-Identifier: Apache-2.0
// How a task says more about its failure than what().
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace poolhost {

/// Throw it (or anything else) from a task: the outcome is `task_error` with this code, message and flag. `retryable`
/// informs the caller; the pool itself runs nothing again because of it.
class task_error : public std::runtime_error {
public:
    task_error(std::int64_t code, const std::string& message, bool retryable = false)
        : std::runtime_error(message), code_(code), retryable_(retryable) {}

    [[nodiscard]] std::int64_t code() const noexcept { return code_; }
    [[nodiscard]] bool retryable() const noexcept { return retryable_; }

private:
    std::int64_t code_;
    bool retryable_;
};

/// Thrown by the SDK where a task's result cannot be sent: an enumerator without a name, or more than 4 GiB outside of
/// memory from context::allocate().
class result_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace poolhost
