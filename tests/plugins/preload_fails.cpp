// SPDX-License-Identifier: Apache-2.0
// Vice: its on_preload hook throws.
#include <poolhost/sdk.hpp>

#include <stdexcept>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void preload(poolhost::preload_context&) { throw std::runtime_error("no weights found"); }

}  // namespace

POOLHOST_PLUGIN(preload_fails, "1.0.0", "Cannot be preloaded.",
                poolhost::task("same", same, "value").doc("Its argument."), poolhost::on_preload(preload))
