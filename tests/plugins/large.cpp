// SPDX-License-Identifier: Apache-2.0
// Vice: its results are as large as one likes.
#include <poolhost/sdk.hpp>

#include <algorithm>
#include <string>

namespace {

poolhost::bytes bytes_of(std::uint64_t size) { return poolhost::bytes(size, std::byte{0x5a}); }
std::string text_of(std::uint64_t size) { return std::string(size, 'x'); }

// In memory that is shared with the host already.
poolhost::shared_array<std::byte> shared(poolhost::context& context, std::uint64_t size) {
    auto result = context.allocate<std::byte>(size);
    std::fill_n(result.data(), result.size(), std::byte{0x5a});
    return result;
}

std::uint64_t size_of(std::span<const std::byte> data) { return data.size(); }

std::uint64_t parts(poolhost::context& context, std::uint64_t count) {
    for (std::uint64_t part = 0; part < count; ++part) context.emit(part);
    return count;
}

}  // namespace

POOLHOST_PLUGIN(large, "1.0.0", "Results of any size.",
                poolhost::task("bytes", bytes_of, "size").doc("So many bytes 0x5a."),
                poolhost::task("text", text_of, "size").doc("So many letters x."),
                poolhost::task("shared", shared, "size").doc("So many bytes 0x5a, without a copy."),
                poolhost::task("size", size_of, "data").doc("How large its argument is."),
                poolhost::task("parts", parts, "count").doc("So many partial results, 0 and up."))
