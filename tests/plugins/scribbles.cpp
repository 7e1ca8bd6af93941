// SPDX-License-Identifier: Apache-2.0
// Vice: it writes into its arguments, which are for reading.
#include <poolhost/sdk.hpp>

#include <cstddef>
#include <span>

namespace {

void scribble(std::span<const std::byte> data) {
    for (const std::byte& byte : data) const_cast<std::byte&>(byte) = std::byte{0xff};
}

}  // namespace

POOLHOST_PLUGIN(scribbles, "1.0.0", "Writes where it may only read.",
                poolhost::task("scribble", scribble, "data").doc("Overwrites its argument."))
