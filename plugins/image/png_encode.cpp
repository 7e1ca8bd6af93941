// SPDX-License-Identifier: Apache-2.0
#include "image/png_encode.hpp"

#include "image/pixels.hpp"

#include <png.h>

#include <stdexcept>

namespace image {
std::vector<std::byte> encode_png(std::span<const std::byte> rgb, std::size_t width, std::size_t height) {
    check_size(rgb, width, height);
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
