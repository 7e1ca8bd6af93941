// SPDX-License-Identifier: Apache-2.0
// The version of the binary interface as a manifest writes it.
#pragma once

#include "base/abi.hpp"
#include "base/error.hpp"

#include <string_view>

namespace poolhost::catalog {

/// Reads "1.0".
base::Result<base::AbiVersion> parse_abi(std::string_view text);

/// Whether this poolhost can run a plugin whose manifest says `abi`; see base::check_abi().
base::Result<void> check_abi(std::string_view abi);

}  // namespace poolhost::catalog
