// SPDX-License-Identifier: Apache-2.0
// Whatever bytes a plugin file has: reading its manifest ends with a manifest or an error, within bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "catalog/byte_source.hpp"
#include "catalog/describe.hpp"
#include "catalog/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const poolhost::catalog::MemorySource file(std::as_bytes(std::span(data, size)));
    const auto manifest = poolhost::catalog::read_manifest("fuzzed.so", file);
    if (manifest && poolhost::catalog::describe(*manifest).empty()) std::abort();
    if (!manifest && manifest.error().message.empty()) std::abort();
    return 0;
}
