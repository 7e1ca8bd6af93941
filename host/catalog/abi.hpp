// SPDX-License-Identifier: Apache-2.0
// Whether this poolhost can run a plugin that was compiled against a given version of the binary interface.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string_view>

namespace poolhost::catalog {

struct AbiVersion {
    std::uint16_t major = 0;
    std::uint16_t minor = 0;

    auto operator<=>(const AbiVersion&) const = default;
};

/// What this poolhost speaks.
inline constexpr AbiVersion host_abi{1, 0};

/// Reads "1.0".
base::Result<AbiVersion> parse_abi(std::string_view text);

/// Fine with the same major and no newer minor: minors only add. Else the error says which side is to be updated.
base::Result<void> check_abi(AbiVersion plugin, AbiVersion host = host_abi);
/// The same for the text in a manifest.
base::Result<void> check_abi(std::string_view plugin);

}  // namespace poolhost::catalog
