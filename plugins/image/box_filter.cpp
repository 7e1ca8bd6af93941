// SPDX-License-Identifier: Apache-2.0
#include "image/box_filter.hpp"

#include <algorithm>
#include <cmath>

namespace image {

BoxFilter::BoxFilter(std::size_t source_width, std::size_t source_height, std::size_t width, std::size_t height)
    : source_width_(source_width),
      horizontal_step_(static_cast<double>(source_width) / static_cast<double>(width)),
      vertical_step_(static_cast<double>(source_height) / static_cast<double>(height)),
      narrow_(width * channels),
      sums_(width * channels),
      result_{width, height, std::vector<unsigned char>(width * height * channels)} {}

void BoxFilter::add_row(std::span<const unsigned char> row) {
    shrink(row);
    double top = static_cast<double>(rows_read_);
    const double bottom = static_cast<double>(++rows_read_);
    while (rows_done_ < result_.height) {
        const double boundary = static_cast<double>(rows_done_ + 1) * vertical_step_;
        accumulate(std::min(bottom, boundary) - top);
        // Rounding must not leave the last row open.
        const bool complete = boundary <= bottom + 1e-6;
        if (!complete) return;
        finish_row();
        top = boundary;
        if (top >= bottom) return;
    }
}

void BoxFilter::shrink(std::span<const unsigned char> row) {
    for (std::size_t x = 0; x < result_.width; ++x) {
        const double left = static_cast<double>(x) * horizontal_step_;
        const double right = left + horizontal_step_;
        const auto first = static_cast<std::size_t>(left);
        const auto end = std::min(source_width_, static_cast<std::size_t>(std::ceil(right)));
        double sums[channels] = {};
        for (std::size_t source = first; source < end; ++source) {
            const double covered =
                std::min(right, static_cast<double>(source + 1)) - std::max(left, static_cast<double>(source));
            for (std::size_t c = 0; c < channels; ++c) sums[c] += covered * row[source * channels + c];
        }
        for (std::size_t c = 0; c < channels; ++c) narrow_[x * channels + c] = sums[c] / horizontal_step_;
    }
}

void BoxFilter::accumulate(double weight) {
    for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += weight * narrow_[i];
}

void BoxFilter::finish_row() {
    const auto row = result_.row(rows_done_++);
    for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] = static_cast<unsigned char>(std::clamp(sums_[i] / vertical_step_ + 0.5, 0.0, 255.0));
    }
    std::fill(sums_.begin(), sums_.end(), 0.0);
}

}  // namespace image
