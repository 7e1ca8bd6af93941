// SPDX-License-Identifier: Apache-2.0
// The values of options, from text; errors name the option and say what would be right.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/start_method.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace poolhost::cli {

/// "500ms", "30s": longer than 0.
base::Result<base::Duration> duration_value(std::string_view option, const std::string& text);
/// A whole number from 1 to `most`.
base::Result<std::uint64_t> count_value(std::string_view option, const std::string& text, std::uint64_t most);
base::Result<base::StartMethod> start_method_value(std::string_view option, const std::string& text);

}  // namespace poolhost::cli
