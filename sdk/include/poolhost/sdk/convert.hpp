// SPDX-License-Identifier: Apache-2.0
// Which numbers may stand for which: never with a loss, never a float for an integer.
#pragma once

#include "msgpack_reader.hpp"
#include "number.hpp"

#include <limits>
#include <optional>

namespace poolhost::detail {

/// A float64 where a float32 is asked: a lone one is rounded (JSON and Python know no other floats), elements of a
/// typed array are not.
enum class rounding : std::uint8_t { nearest, none };

template <integer T>
std::optional<T> converted_integer(const token& from) {
    if (from.kind != token_kind::integer) return std::nullopt;
    if (from.negative) {
        const auto number = static_cast<std::int64_t>(from.number);
        if (std::is_unsigned_v<T> || number < static_cast<std::int64_t>(std::numeric_limits<T>::min())) {
            return std::nullopt;
        }
        return static_cast<T>(number);
    }
    if (from.number > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) return std::nullopt;
    return static_cast<T>(from.number);
}

/// Only what survives the way there and back.
template <floating T>
std::optional<T> integer_as_float(const token& from) {
    if (from.negative) {
        const auto number = static_cast<std::int64_t>(from.number);
        const T converted = static_cast<T>(number);
        if (static_cast<std::int64_t>(converted) != number) return std::nullopt;
        return converted;
    }
    const T converted = static_cast<T>(from.number);
    constexpr T beyond = static_cast<T>(18446744073709551616.0);
    if (converted >= beyond || static_cast<std::uint64_t>(converted) != from.number) return std::nullopt;
    return converted;
}

template <floating T>
std::optional<T> converted_float(const token& from, rounding mode) {
    if (from.kind == token_kind::integer) return integer_as_float<T>(from);
    if (from.kind != token_kind::float32 && from.kind != token_kind::float64) return std::nullopt;
    const double number = from.as_double();
    if constexpr (sizeof(T) == sizeof(double)) return number;
    const bool nan = number != number;
    const bool infinite = number - number != 0;
    constexpr auto largest = static_cast<double>(std::numeric_limits<T>::max());
    if (!infinite && (number > largest || number < -largest)) return std::nullopt;
    const T converted = static_cast<T>(number);
    if (mode == rounding::none && !nan && static_cast<double>(converted) != number) return std::nullopt;
    return converted;
}

/// The number as a T, nothing where that would change it or its kind.
template <number T>
std::optional<T> converted(const token& from, rounding mode) {
    if constexpr (integer<T>) {
        return converted_integer<T>(from);
    } else if constexpr (floating<T>) {
        return converted_float<T>(from, mode);
    } else {
        if (from.kind != token_kind::boolean) return std::nullopt;
        return from.number != 0;
    }
}

/// Whether the kind was right and only the value was not: then the value is what a person wants to read.
template <number T>
bool is_out_of_range(const token& from) {
    if (from.kind == token_kind::integer) return !std::is_same_v<T, bool>;
    return floating<T> && (from.kind == token_kind::float32 || from.kind == token_kind::float64);
}

}  // namespace poolhost::detail
