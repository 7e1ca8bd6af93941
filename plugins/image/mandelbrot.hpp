// SPDX-License-Identifier: Apache-2.0
// The Mandelbrot set in colours that do not depend on where a tile is cut.
#pragma once

#include <cstddef>
#include <span>

namespace image {

/// Where a row of pixels lies in the complex plane, and how far its points are followed.
struct MandelbrotRow {
    double left;  // real part of the first pixel's upper left corner
    double top;   // imaginary part of it
    double step;  // from one pixel to the next
    int max_iterations;
    int samples;  // a pixel is the mean of samples × samples points
};

/// Paints one row; `rgb` holds three bytes for each of its pixels.
void paint(const MandelbrotRow& row, std::span<std::byte> rgb);

}  // namespace image
