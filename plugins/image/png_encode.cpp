// SPDX-License-Identifier: Apache-2.0
#include "image/png_encode.hpp"

#include "image/pixels.hpp"

#include <png.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace image {
namespace {

// libpng's own limit on a side; it also keeps the products below from overflowing.
constexpr std::size_t longest_side = 1'000'000;

void check_size(std::size_t size, std::size_t width, std::size_t height) {
    if (width == 0 || height == 0 || width > longest_side || height > longest_side) {
        throw std::invalid_argument("width and height must be 1 to " + std::to_string(longest_side));
    }
    const std::size_t needed = width * height * channels;
    if (size != needed) {
        throw std::invalid_argument(std::to_string(width) + " x " + std::to_string(height) + " pixels are " +
                                    std::to_string(needed) + " bytes, not " + std::to_string(size));
    }
}

}  // namespace

std::vector<std::byte> encode_png(std::span<const std::byte> rgb, std::size_t width, std::size_t height) {
    check_size(rgb.size(), width, height);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    image.format = PNG_FORMAT_RGB;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::vector<std::byte> png(size);
    if (png_image_write_to_memory(&image, png.data(), &size, 0, rgb.data(), 0, nullptr) == 0) {
        throw std::runtime_error(image.message);
    }
    png.resize(size);
    return png;
}

}  // namespace image
