// SPDX-License-Identifier: Apache-2.0
#include "image/mandelbrot.hpp"

#include "image/pixels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace image {
namespace {

using Colour = std::array<double, channels>;  // 0 to 255

/// The two largest parts of the set, where every point would be followed to the end.
bool lies_in_cardioid_or_disc(double x, double y) {
    const double q = (x - 0.25) * (x - 0.25) + y * y;
    return q * (q + (x - 0.25)) <= 0.25 * y * y || (x + 1) * (x + 1) + y * y <= 0.0625;
}

/// How many steps a point needs to escape, with a fraction that makes the colours flow; negative: it did not.
double escape_time(double x, double y, int max_iterations) {
    // A far bailout makes the fraction smooth to the eye.
    constexpr double bailout = 1 << 16;
    if (lies_in_cardioid_or_disc(x, y)) return -1;
    double real = 0;
    double imaginary = 0;
    for (int n = 0; n < max_iterations; ++n) {
        const double real_squared = real * real;
        const double imaginary_squared = imaginary * imaginary;
        if (real_squared + imaginary_squared > bailout) {
            return std::max(0.0, n + 1 - std::log2(std::log2(real_squared + imaginary_squared) / 2));
        }
        imaginary = 2 * real * imaginary + y;
        real = real_squared - imaginary_squared + x;
    }
    return -1;
}

/// Deep blue far from the set, through white and gold to dark and round again: a step each time the time doubles.
Colour palette(double time) {
    constexpr std::array<Colour, 6> stops{Colour{0, 7, 100},   Colour{32, 107, 203}, Colour{237, 255, 255},
                                          Colour{255, 170, 0}, Colour{106, 16, 32},  Colour{0, 2, 30}};
    const double position = std::max(0.0, std::log2(1 + time) - 1);
    const auto first = static_cast<std::size_t>(position) % stops.size();
    const Colour& from = stops[first];
    const Colour& to = stops[(first + 1) % stops.size()];
    const double blend = (1 - std::cos((position - std::floor(position)) * std::numbers::pi)) / 2;
    Colour colour;
    for (std::size_t c = 0; c < channels; ++c) colour[c] = from[c] + blend * (to[c] - from[c]);
    return colour;
}

Colour colour_of(double x, double y, int max_iterations) {
    const double time = escape_time(x, y, max_iterations);
    return time < 0 ? Colour{} : palette(time);
}

}  // namespace

void paint(const MandelbrotRow& row, std::span<std::byte> rgb) {
    const double part = row.step / row.samples;
    for (std::size_t pixel = 0; pixel < rgb.size() / channels; ++pixel) {
        Colour sum{};
        for (int sample = 0; sample < row.samples * row.samples; ++sample) {
            const int across = sample % row.samples;
            const int down = sample / row.samples;
            const double x = row.left + static_cast<double>(pixel) * row.step + (across + 0.5) * part;
            const double y = row.top - (down + 0.5) * part;
            const Colour colour = colour_of(x, y, row.max_iterations);
            for (std::size_t c = 0; c < channels; ++c) sum[c] += colour[c];
        }
        for (std::size_t c = 0; c < channels; ++c) {
            rgb[pixel * channels + c] = static_cast<std::byte>(std::lround(sum[c] / (row.samples * row.samples)));
        }
    }
}

}  // namespace image
