// SPDX-License-Identifier: Apache-2.0
// Whatever bytes a capsule file has, also where its checksum is right: it is refused, or read within bounds.
#include "capsule/format.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

using namespace poolhost;

// Touches every byte that a reader might.
void look_at(const capsule::Parsed& parsed) {
    const wire::CallInput& input = parsed.header.input;
    if (input.buffers.size() != parsed.buffers.size()) std::abort();
    if (input.place && !wire::arguments_of(input, parsed.buffers)) std::abort();
    const auto used = wire::used_parts(input, parsed.buffers);
    for (std::size_t i = 0; i < used.size(); ++i) {
        if (used[i].size() > parsed.buffers[i].size()) std::abort();
    }
    wire::digest_of(input, parsed.buffers);
}

void read(std::span<const std::byte> file) {
    const auto parsed = capsule::parse(file);
    if (parsed) look_at(*parsed);
    if (!parsed && parsed.error().message.empty()) std::abort();
}

// What only somebody who knows the format would write.
std::vector<std::byte> with_good_head(std::span<const std::byte> file) {
    std::vector<std::byte> mended(file.begin(), file.end());
    capsule::FileHead head;
    if (mended.size() < sizeof head) return mended;
    capsule::FileHead given;
    std::memcpy(&given, mended.data(), sizeof given);
    head.header_size = given.header_size;
    head.file_size = mended.size();
    const std::span<const std::byte> contents = std::span(mended).subspan(sizeof head);
    head.digest = base::digest(std::span(&contents, 1));
    std::memcpy(mended.data(), &head, sizeof head);
    return mended;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = std::as_bytes(std::span(data, size));
    read(file);
    read(with_good_head(file));
    return 0;
}
