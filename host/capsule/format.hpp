// SPDX-License-Identifier: Apache-2.0
// The bytes of a capsule file: docs/capsules.md describes them for people.
//
// A FileHead; the encoded Header; then the buffers, each at the next multiple of 64, up to the file's end.
#pragma once

#include "base/digest.hpp"
#include "base/error.hpp"
#include "wire/aftermath.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace poolhost::capsule {

inline constexpr std::array<char, 8> file_magic{'p', 'h', 'c', 'a', 'p', 's', 'u', 'l'};
inline constexpr std::uint32_t format_version = 1;
inline constexpr std::size_t buffer_alignment = 64;

struct FileHead {
    std::array<char, 8> magic = file_magic;
    std::uint32_t version = format_version;
    std::uint32_t reserved = 0;
    std::uint64_t file_size = 0;
    std::uint64_t header_size = 0;
    base::Digest digest{};  // of everything behind this head
    std::array<std::uint64_t, 2> reserved2{};
};
static_assert(sizeof(FileHead) == 64);

struct Header {
    wire::Capsule capsule;
    wire::CallInput input;
    std::vector<std::uint64_t> buffer_sizes;
    static void fields(auto& self, auto&& visit) { visit(self.capsule, self.input, self.buffer_sizes); }
};

/// A file's pieces, in their order; nothing is copied.
using Pieces = std::vector<std::span<const std::byte>>;

/// A file about to be written. `pieces` refer to it and to the buffers.
struct Layout {
    FileHead head;
    std::vector<std::byte> header;
    Pieces pieces;  // what follows the head
};
Layout lay_out(const wire::Capsule& capsule, const wire::CallInput& input, const Pieces& buffers);

/// What a whole file holds. `buffers` lie in `file`.
struct Parsed {
    Header header;
    Pieces buffers;
};
base::Result<Parsed> parse(std::span<const std::byte> file);

/// Looks at the head alone, of a file that has this size.
base::Result<FileHead> check_head(std::span<const std::byte> beginning, std::uint64_t size);

}  // namespace poolhost::capsule
