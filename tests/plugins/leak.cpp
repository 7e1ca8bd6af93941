// SPDX-License-Identifier: Apache-2.0
// Vice: what it allocates, it never frees.
#include <poolhost/sdk.hpp>

#include <cstring>
#include <vector>

namespace {

std::uint64_t leak(std::uint64_t bytes) {
    static std::vector<char*> kept;
    static std::uint64_t total = 0;
    char* const memory = new char[bytes];
    std::memset(memory, 1, bytes);
    kept.push_back(memory);
    return total += bytes;
}

}  // namespace

POOLHOST_PLUGIN(
    leak, "1.0.0", "Leaks.",
    poolhost::task("leak", leak, "bytes").doc("Takes and touches memory; the sum of all calls in this process."))
