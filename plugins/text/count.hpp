// SPDX-License-Identifier: Apache-2.0
// Counting as wc does.
#pragma once

#include <cstdint>
#include <string_view>

namespace text {

struct Counts {
    std::uint64_t lines = 0;  // newline characters
    std::uint64_t words = 0;  // runs of anything but ASCII white space
    std::uint64_t bytes = 0;
};

Counts count(std::string_view text);

}  // namespace text
