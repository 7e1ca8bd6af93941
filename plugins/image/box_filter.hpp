// SPDX-License-Identifier: Apache-2.0
// Shrinking a picture by averaging areas, row by row as it is decoded.
#pragma once

#include "image/pixels.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace image {

/// Every pixel of the result is the mean of the area that it covers in the source; neither side grows.
class BoxFilter {
public:
    /// No size is 0, and the result is not larger than the source in any direction.
    BoxFilter(std::size_t source_width, std::size_t source_height, std::size_t width, std::size_t height);

    /// The next row of the source, from the top.
    void add_row(std::span<const unsigned char> row);

    /// The result, after the last row.
    Pixels take() { return std::move(result_); }

private:
    void shrink(std::span<const unsigned char> row);
    void accumulate(double weight);
    void finish_row();

    std::size_t source_width_;
    double horizontal_step_;  // source pixels a result pixel
    double vertical_step_;
    std::size_t rows_read_ = 0;
    std::size_t rows_done_ = 0;
    std::vector<double> narrow_;  // one source row, shrunk horizontally
    std::vector<double> sums_;    // of the result row that is under way
    Pixels result_;
};

}  // namespace image
