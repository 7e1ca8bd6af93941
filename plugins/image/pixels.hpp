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

/// The picture in `rgb`, a copy. Throws std::invalid_argument where a side is 0 or the size is not width × height × 3.
Pixels pixels_of(std::span<const std::byte> rgb, std::size_t width, std::size_t height);

/// Throws as pixels_of() does, copying nothing.
void check_size(std::span<const std::byte> rgb, std::size_t width, std::size_t height);

}  // namespace image
