// SPDX-License-Identifier: Apache-2.0
// The plugin image: thumbnails of JPEGs, pictures of the Mandelbrot set, and pixels to PNG or JPEG.
#include "image/jpeg.hpp"
#include "image/mandelbrot.hpp"
#include "image/png_encode.hpp"

#include <poolhost/sdk.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

constexpr std::int32_t usual_quality = 85;
constexpr std::int32_t longest_side = 1 << 15;
constexpr std::int32_t most_samples = 8;

std::size_t checked(const char* name, std::int32_t value, std::int32_t most) {
    if (value >= 1 && value <= most) return static_cast<std::size_t>(value);
    throw std::invalid_argument(std::string(name) + " must be 1 to " + std::to_string(most) + ", not " +
                                std::to_string(value));
}

poolhost::bytes thumbnail(std::span<const std::byte> jpeg, std::int32_t width) {
    return image::encode_jpeg(image::decode_jpeg(jpeg, checked("width", width, longest_side)), usual_quality);
}

poolhost::shared_array<std::byte> mandelbrot_tile(poolhost::context& ctx, double left, double top, double step,
                                                  std::int32_t width, std::int32_t height, std::int32_t max_iterations,
                                                  std::optional<std::int32_t> samples) {
    const std::size_t columns = checked("width", width, longest_side);
    const std::size_t rows = checked("height", height, longest_side);
    image::MandelbrotRow row{left, top, step, max_iterations, samples.value_or(1)};
    checked("samples", row.samples, most_samples);
    auto pixels = ctx.allocate<std::byte>(columns * rows * image::channels);
    const std::span<std::byte> rgb = pixels.elements();
    for (std::size_t y = 0; y < rows; ++y) {
        if (ctx.cancelled()) throw std::runtime_error("cancelled");
        row.top = top - static_cast<double>(y) * step;
        image::paint(row, rgb.subspan(y * columns * image::channels, columns * image::channels));
        ctx.progress(static_cast<double>(y + 1) / height);
    }
    return pixels;
}

poolhost::bytes encode_png(std::span<const std::byte> rgb, std::int32_t width, std::int32_t height) {
    return image::encode_png(rgb, checked("width", width, longest_side), checked("height", height, longest_side));
}

poolhost::bytes encode_jpeg(std::span<const std::byte> rgb, std::int32_t width, std::int32_t height,
                            std::optional<std::int32_t> quality) {
    const std::int32_t chosen = quality.value_or(usual_quality);
    checked("quality", chosen, 100);
    return image::encode_jpeg(
        image::pixels_of(rgb, checked("width", width, longest_side), checked("height", height, longest_side)), chosen);
}

}  // namespace

POOLHOST_PLUGIN(
    image, "1.0.0", "Thumbnails of JPEGs, pictures of the Mandelbrot set, and pixels to PNG or JPEG.",
    poolhost::task("thumbnail", thumbnail, "jpeg", "width")
        .doc("A JPEG at most `width` pixels wide, in the source's proportions; a smaller source keeps its size.")
        .idempotent(),
    poolhost::task("mandelbrot_tile", mandelbrot_tile, "left", "top", "step", "width", "height", "max_iterations",
                   "samples")
        .doc(
            "A picture of the Mandelbrot set: width x height pixels of red, green and blue bytes, rows from the top. "
            "`left`, `top`: the upper left corner in the complex plane; `step`: from one pixel to the next; `samples`: "
            "1 to 8, a pixel is the mean of samples x samples points.")
        .idempotent(),
    poolhost::task("encode_png", encode_png, "rgb", "width", "height")
        .doc("A PNG of width x height pixels, given as red, green, blue bytes, rows from the top.")
        .idempotent(),
    poolhost::task("encode_jpeg", encode_jpeg, "rgb", "width", "height", "quality")
        .doc(
            "A JPEG of width x height pixels, given as red, green, blue bytes, rows from the top. `quality`: 1 to 100, "
            "85 unless given.")
        .idempotent())
