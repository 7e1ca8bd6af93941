// SPDX-License-Identifier: Apache-2.0
#include "image/pixels.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace image {
namespace {

// libpng's own limit on a side; it also keeps the products below from overflowing.
constexpr std::size_t longest_side = 1'000'000;

}  // namespace

void check_size(std::span<const std::byte> rgb, std::size_t width, std::size_t height) {
    if (width == 0 || height == 0 || width > longest_side || height > longest_side) {
        throw std::invalid_argument("width and height must be 1 to " + std::to_string(longest_side));
    }
    const std::size_t needed = width * height * channels;
    if (rgb.size() != needed) {
        throw std::invalid_argument(std::to_string(width) + " x " + std::to_string(height) + " pixels are " +
                                    std::to_string(needed) + " bytes, not " + std::to_string(rgb.size()));
    }
}

Pixels pixels_of(std::span<const std::byte> rgb, std::size_t width, std::size_t height) {
    check_size(rgb, width, height);
    Pixels pixels{width, height, std::vector<unsigned char>(rgb.size())};
    std::transform(rgb.begin(), rgb.end(), pixels.rgb.begin(),
                   [](std::byte value) { return std::to_integer<unsigned char>(value); });
    return pixels;
}

}  // namespace image
