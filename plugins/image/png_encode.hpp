// SPDX-License-Identifier: Apache-2.0
// Pixels to PNG, through libpng's simplified interface, which neither exits nor jumps.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace image {

/// `rgb`: rows from the top, three bytes a pixel. Throws std::invalid_argument where its size is not width × height
/// × 3.
std::vector<std::byte> encode_png(std::span<const std::byte> rgb, std::size_t width, std::size_t height);

}  // namespace image
