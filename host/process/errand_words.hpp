// SPDX-License-Identifier: Apache-2.0
// What the host and a program on an errand say to each other.
#pragma once

#include <cstddef>
#include <cstdint>

namespace poolhost::process {

/// The one form of their messages, mostly with descriptors beside it.
struct ErrandMessage {
    enum class Word : std::uint32_t {
        orders = 0x31726870,  // host → program, first: the request's memory, then the first descriptors
        more = 2,             // program → host: it wants further descriptors; host → program: those
        answer = 3,           // program → host: the memory that holds it
    };
    Word word{};
    std::uint32_t descriptors = 0;  // in orders: how many there are in all, the request's memory not among them
};

/// An answer beyond it is none.
inline constexpr std::size_t max_answer = std::size_t{64} << 20;

}  // namespace poolhost::process
