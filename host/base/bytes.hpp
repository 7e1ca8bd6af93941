// SPDX-License-Identifier: Apache-2.0
// An amount of memory, which is not to be mixed up with any other number.
#pragma once

#include <compare>
#include <cstdint>

namespace poolhost::base {

struct Bytes {
    std::uint64_t count = 0;

    friend constexpr auto operator<=>(const Bytes&, const Bytes&) = default;
};

constexpr Bytes kibibytes(std::uint64_t n) { return {n << 10U}; }
constexpr Bytes mebibytes(std::uint64_t n) { return {n << 20U}; }
constexpr Bytes gibibytes(std::uint64_t n) { return {n << 30U}; }

}  // namespace poolhost::base
