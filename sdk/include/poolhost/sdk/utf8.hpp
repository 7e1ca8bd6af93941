// SPDX-License-Identifier: Apache-2.0
// Whether bytes are UTF-8 text.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace poolhost::detail {

/// The length of the well-formed sequence that begins here, 0 where there is none (Unicode 15, table 3-7).
inline std::size_t utf8_sequence(const unsigned char* at, std::size_t left) {
    const unsigned char lead = at[0];
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (left < size) return 0;
    const unsigned char lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned char highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < lowest || at[1] > highest) return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if ((at[i] & 0xc0) != 0x80) return 0;
    }
    return size;
}

inline bool is_utf8(std::string_view text) {
    const auto* at = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
        std::uint64_t eight = 0;
        if (left >= sizeof(eight)) {
            std::memcpy(&eight, at, sizeof(eight));
            if ((eight & 0x8080808080808080U) == 0) {
                at += sizeof(eight);
                left -= sizeof(eight);
                continue;
            }
        }
        const std::size_t size = utf8_sequence(at, left);
        if (size == 0) return false;
        at += size;
        left -= size;
    }
    return true;
}

}  // namespace poolhost::detail
