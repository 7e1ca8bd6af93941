// SPDX-License-Identifier: Apache-2.0
// JPEG in and out, through libjpeg-turbo, whose errors become exceptions.
#pragma once

#include "image/pixels.hpp"

#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace image {

/// What libjpeg said of its input.
struct jpeg_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Decodes a JPEG to at most `width` pixels across, height in proportion. Memory does not grow with the source's
/// height, except for progressive files. Throws jpeg_error for what is no whole JPEG.
Pixels decode_jpeg(std::span<const std::byte> jpeg, std::size_t width);

/// quality: 1 to 100.
std::vector<std::byte> encode_jpeg(Pixels pixels, int quality);

}  // namespace image
