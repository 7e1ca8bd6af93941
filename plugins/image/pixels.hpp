// SPDX-License-Identifier: Apache-2.0
// A picture in memory.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace image {

inline constexpr std::size_t channels = 3;

/// Red, green, blue, one byte each; rows from the top, without gaps.
struct Pixels {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<unsigned char> rgb;

    [[nodiscard]] std::span<unsigned char> row(std::size_t y) {
        return std::span(rgb).subspan(y * width * channels, width * channels);
    }
};

}  // namespace image
