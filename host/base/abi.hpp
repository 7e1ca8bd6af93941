// SPDX-License-Identifier: Apache-2.0
// Which plugins this poolhost can run: versions of the binary interface, compared.
#pragma once

#include "base/error.hpp"

#include <cstdint>

namespace poolhost::base {

struct AbiVersion {
    std::uint16_t major = 0;
    std::uint16_t minor = 0;

    auto operator<=>(const AbiVersion&) const = default;
};

/// What this poolhost speaks: POOLHOST_ABI_MAJOR and _MINOR of plugin.h.
inline constexpr AbiVersion host_abi{1, 0};

/// Fine with the same major and no newer minor: minors only add. Else the error begins with "too old" or "too new" and
/// says which side is to be updated.
Result<void> check_abi(AbiVersion plugin, AbiVersion host = host_abi);

}  // namespace poolhost::base
