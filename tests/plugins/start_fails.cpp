// SPDX-License-Identifier: Apache-2.0
// Vice: its on_start hook throws.
#include <poolhost/sdk.hpp>

#include <stdexcept>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void start(poolhost::worker_context&) { throw std::runtime_error("no model found"); }

}  // namespace

POOLHOST_PLUGIN(start_fails, "1.0.0", "Cannot be started.", poolhost::task("same", same, "value").doc("Its argument."),
                poolhost::on_start(start))
