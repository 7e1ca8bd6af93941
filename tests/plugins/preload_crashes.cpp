// SPDX-License-Identifier: Apache-2.0
// Vice: its on_preload hook takes the template with it.
#include <poolhost/sdk.hpp>

#include <cstdlib>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void preload(poolhost::preload_context&) { std::abort(); }

}  // namespace

POOLHOST_PLUGIN(preload_crashes, "1.0.0", "Cannot be preloaded.",
                poolhost::task("same", same, "value").doc("Its argument."), poolhost::on_preload(preload))
