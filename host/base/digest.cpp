// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace poolhost::base {

Digest digest(std::span<const std::span<const std::byte>> parts) {
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    for (const auto part : parts) XXH3_128bits_update(&state, part.data(), part.size());
    const XXH128_hash_t hash = XXH3_128bits_digest(&state);
    return {hash.low64, hash.high64};
}

}  // namespace poolhost::base
