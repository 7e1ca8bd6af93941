// SPDX-License-Identifier: Apache-2.0
// Vice: its on_preload hook leaves a socket open, which every fork takes along.
#include <poolhost/sdk.hpp>

#include <sys/socket.h>

namespace {

std::int64_t same(std::int64_t value) { return value; }

void preload(poolhost::preload_context&) { static_cast<void>(::socket(AF_UNIX, SOCK_STREAM, 0)); }

}  // namespace

POOLHOST_PLUGIN(descriptor_at_preload, "1.0.0", "Leaves a descriptor open.",
                poolhost::task("same", same, "value").doc("Its argument."), poolhost::on_preload(preload))
