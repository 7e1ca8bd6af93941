// SPDX-License-Identifier: Apache-2.0
// A 128-bit fingerprint of bytes, fast and not meant against an adversary.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace poolhost::base {

using Digest = std::array<std::uint64_t, 2>;

/// XXH3, 128 bits wide; the parts count as one sequence of bytes.
Digest digest(std::span<const std::span<const std::byte>> parts);

}  // namespace poolhost::base
