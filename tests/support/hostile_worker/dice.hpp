// SPDX-License-Identifier: Apache-2.0
// Random choices that a seed repeats, with a liking for the numbers at which programs break.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace poolhost::test {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}

    std::uint64_t any() { return random_(); }
    /// 0 to `below` - 1.
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
    bool one_in(std::size_t n) { return below(n) == 0; }

    /// An edge, something near `around`, or anything.
    std::uint64_t evil(std::uint64_t around = 0) {
        constexpr std::array<std::uint64_t, 14> edges{0,
                                                      1,
                                                      7,
                                                      8,
                                                      0xff,
                                                      0xffff,
                                                      0x10000,
                                                      0x7fffffff,
                                                      0x80000000,
                                                      0xffff'ffff,
                                                      std::uint64_t{1} << 40,
                                                      std::uint64_t{1} << 63,
                                                      ~std::uint64_t{0},
                                                      0x7fff'ffff'ffff'ffff};
        switch (below(3)) {
            case 0:
                return edges[below(edges.size())];
            case 1:
                return around + below(33) - 16;
            default:
                return any() >> below(64);
        }
    }

    void fill(std::span<std::byte> bytes) {
        for (std::byte& byte : bytes) byte = static_cast<std::byte>(random_());
    }
    std::vector<std::byte> bytes(std::size_t size) {
        std::vector<std::byte> made(size);
        fill(made);
        return made;
    }

private:
    std::mt19937_64 random_;
};

}  // namespace poolhost::test
