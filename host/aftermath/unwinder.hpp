// SPDX-License-Identifier: Apache-2.0
// From registers and stack bytes to the addresses at which the functions of a stack stood.
#pragma once

#include "aftermath/modules.hpp"
#include "wire/stack.hpp"

#include <cstdint>
#include <vector>

namespace poolhost::aftermath {

struct Frame {
    std::uint64_t address = 0;
    bool is_return = true;  // where it would have returned to, just behind the call; else the instruction itself

    /// An address within the instruction that is to be named.
    [[nodiscard]] std::uint64_t within() const { return is_return ? address - 1 : address; }
};

struct Unwound {
    std::vector<Frame> frames;  // innermost first; empty where there are no registers
    bool goes_on = false;       // beyond the bytes that were copied
};

/// Stops where the stack does not lead on. A call to where there is no code is followed back to its caller.
Unwound unwind(const wire::StackSample& sample, const Modules& modules);

}  // namespace poolhost::aftermath
