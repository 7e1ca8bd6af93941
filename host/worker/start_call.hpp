// SPDX-License-Identifier: Apache-2.0
// A call of a task at a worker's start, for which nobody waits: its result is dropped.
#pragma once

#include "worker/allocations.hpp"
#include "worker/call.hpp"

namespace poolhost::worker {

class StartCall : public Call {
public:
    using Call::Call;

private:
    poolhost_buffer_v1 allocate(std::uint64_t size) override { return allocations_.allocate(size); }

    channel::BufferPool pool_{base::Seal::size, 0};
    Allocations allocations_{pool_};
};

}  // namespace poolhost::worker
