// SPDX-License-Identifier: Apache-2.0
// Vice: it prints while it is loaded and preloaded, on the streams of whoever loads it.
#include <poolhost/sdk.hpp>

#include <cstdio>

namespace {

[[gnu::constructor]] void when_loaded() { std::puts("loading on stdout"); }

void preload(poolhost::preload_context&) {
    std::fputs("preloading on stderr\n", stderr);
    std::fputs("preloading on stdout, without an end", stdout);
}

std::int64_t same(std::int64_t value) { return value; }

}  // namespace

POOLHOST_PLUGIN(loud, "1.0.0", "Prints at load and preload.",
                poolhost::task("same", same, "value").doc("Its argument."), poolhost::on_preload(preload))
