// SPDX-License-Identifier: Apache-2.0
// Vice: its on_start hook takes the worker with it.
#include <poolhost/sdk.hpp>

#include <cstdlib>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void start(poolhost::worker_context&) { std::abort(); }

}  // namespace

POOLHOST_PLUGIN(start_crashes, "1.0.0", "Cannot be started.",
                poolhost::task("same", same, "value").doc("Its argument."), poolhost::on_start(start))
