// SPDX-License-Identifier: Apache-2.0
// Base64 of RFC 4648, section 4, with padding: how bytes travel in JSON.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace poolhost::base {

void append_base64(std::string& text, std::span<const std::byte> bytes);

/// Nothing where the text is not exactly what append_base64() writes.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace poolhost::base
