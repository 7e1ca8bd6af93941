// SPDX-License-Identifier: Apache-2.0
// Durations and sizes as text: 500ms, 1m30s, 64KiB.
#pragma once

#include "config/pool_config.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace poolhost::config {

/// Why a text is no value, and what would be.
struct Misfit {
    std::string cause;
    std::string remedy;
};

template <class T>
using Parsed = boost::system::result<T, Misfit>;

/// Units us, ms, s, m and h, the larger first ("1h30m"), whole numbers, or one with a fraction ("1.5s"); `0` needs no
/// unit. Whole microseconds, at most ten years.
Parsed<Duration> parse_duration(std::string_view text);
/// What parse_duration() reads back as the same.
std::string to_text(Duration duration);

/// A whole number with B, KiB, MiB, GiB or TiB; `0` needs no unit. Below 8 EiB.
Parsed<Bytes> parse_size(std::string_view text);
std::string to_text(Bytes size);

[[noreturn]] void throw_exception_from_error(const Misfit& misfit, const boost::source_location& place);

}  // namespace poolhost::config
