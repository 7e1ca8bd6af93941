// SPDX-License-Identifier: Apache-2.0
// Vice: it reads one byte beyond its memory, which goes unnoticed except by a sanitizer.
#include <poolhost/sdk.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace {

std::int32_t read_beyond(std::int32_t size) {
    const auto room = std::make_unique<char[]>(static_cast<std::size_t>(size));
    const volatile char* const bytes = room.get();
    return bytes[size] == 'x' ? 1 : 0;
}

}  // namespace

POOLHOST_PLUGIN(overflows_heap, "1.0.0", "Reads beyond its memory.",
                poolhost::task("read_beyond", read_beyond, "size").doc("Reads behind so many bytes."))
