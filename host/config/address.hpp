// SPDX-License-Identifier: Apache-2.0
// Addresses as text: host:port with a literal host, or unix:PATH.
#pragma once

#include "config/host_config.hpp"
#include "config/units.hpp"

#include <string>
#include <string_view>

namespace poolhost::config {

/// Paths stay as written. Names other than localhost are refused: the host process resolves none.
Parsed<Address> parse_address(std::string_view text);
std::string to_text(const Address& address);

/// Whether only this machine can reach it.
bool is_local(const Address& address);

}  // namespace poolhost::config
