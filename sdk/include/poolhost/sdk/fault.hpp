// SPDX-License-Identifier: Apache-2.0
// What is wrong with an argument, and where inside it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace poolhost::detail {

/// The pieces of a sentence, one after the other.
[[gnu::cold]] inline std::string joined(std::initializer_list<std::string_view> pieces) {
    std::string text;
    for (const std::string_view piece : pieces) text.append(piece);
    return text;
}

/// A step into an argument: its name, a field of a struct, a key of a map or an index.
struct place {
    static constexpr std::size_t no_index = std::string_view::npos;

    std::string_view field;
    std::size_t index;  // no_index: the step is a field
};

/// "points[3].x"
[[gnu::cold]] inline std::string path_in_words(std::span<const place> path) {
    std::string text;
    for (const place& step : path) {
        if (step.index != place::no_index) {
            text.append(joined({"[", std::to_string(step.index), "]"}));
            continue;
        }
        if (!text.empty()) text += '.';
        text += step.field;
    }
    return text;
}

/// Thrown while arguments are decoded; never leaves the SDK.
struct argument_fault {
    std::size_t argument;  // from 1; 0: none in particular
    std::string name;
    std::string expected;
    std::string got;
    std::string message;
};

}  // namespace poolhost::detail
