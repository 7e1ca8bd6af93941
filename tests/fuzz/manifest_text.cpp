// SPDX-License-Identifier: Apache-2.0
// Whatever text stands in a manifest's note: it is refused, or read into signatures that print back to what was read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "catalog/manifest.hpp"
#include "catalog/signature.hpp"

namespace {

using namespace poolhost::catalog;

void check_round_trip(std::string_view text) {
    const auto signature = parse_signature(text);
    if (signature && to_string(*signature) != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_round_trip(text);
    const auto manifest = parse_manifest(text);
    if (!manifest) return 0;
    for (const TaskManifest& task : manifest->tasks) check_round_trip(task.signature_text);
    return 0;
}
