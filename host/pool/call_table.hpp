// SPDX-License-Identifier: Apache-2.0
// Where calls live, found by their id without a search.
#pragma once

#include "pool/call.hpp"

#include <deque>
#include <vector>

namespace poolhost::pool {

/// Addresses stay valid until release(). An id is never used twice.
class CallTable {
public:
    Call& create();
    void release(Call& call);
    /// nullptr where the call had its outcome, or never was.
    [[nodiscard]] Call* find(CallId id);

private:
    std::deque<Call> calls_;
    std::vector<std::uint32_t> free_;
};

}  // namespace poolhost::pool
