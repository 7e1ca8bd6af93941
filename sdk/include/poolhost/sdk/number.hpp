// SPDX-License-Identifier: Apache-2.0
// Which C++ types are numbers to poolhost, and what they are called in signatures and typed arrays.
#pragma once

#include "../plugin.h"

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace poolhost::detail {

template <class T, class... Others>
inline constexpr bool is_any_of = (std::is_same_v<T, Others> || ...);

/// bool, the integers of 8 to 64 bits, float and double. Not the character types: they are neither text nor numbers.
template <class T>
concept number = std::is_arithmetic_v<T> && sizeof(T) <= 8 &&
                 !is_any_of<std::remove_cv_t<T>, char, wchar_t, char8_t, char16_t, char32_t>;

template <class T>
concept integer = number<T> && std::is_integral_v<T> && !std::is_same_v<std::remove_cv_t<T>, bool>;

template <class T>
concept floating = number<T> && std::is_floating_point_v<T>;

/// The POOLHOST_ELEMENT_… code of a number type. The codes of integers go up with the width.
template <number T>
constexpr std::uint8_t element_code() {
    if constexpr (std::is_same_v<std::remove_cv_t<T>, bool>) return POOLHOST_ELEMENT_BOOL;
    if constexpr (std::is_floating_point_v<T>)
        return sizeof(T) == 4 ? POOLHOST_ELEMENT_FLOAT32 : POOLHOST_ELEMENT_FLOAT64;
    constexpr unsigned width = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return static_cast<std::uint8_t>((std::is_signed_v<T> ? POOLHOST_ELEMENT_INT8 : POOLHOST_ELEMENT_UINT8) + width);
}

/// Bytes of one element; 0 for a code that does not exist.
constexpr std::size_t element_size(std::uint8_t code) {
    constexpr std::uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8};
    return code < sizeof(sizes) ? sizes[code] : 0;
}

constexpr std::string_view element_name(std::uint8_t code) {
    constexpr std::string_view names[] = {"?",     "bool",   "int8",   "int16",  "int32",   "int64",
                                          "uint8", "uint16", "uint32", "uint64", "float32", "float64"};
    return code < sizeof(names) / sizeof(names[0]) ? names[code] : names[0];
}

}  // namespace poolhost::detail
