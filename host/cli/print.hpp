// SPDX-License-Identifier: Apache-2.0
// What commands say: results on standard output, everything else on standard error.
#pragma once

#include "cli/exit_code.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::cli {

/// Writes all of it; success, or output_gone where nobody reads it any more. Other failures are told on standard error.
ExitCode print(std::string_view text);
ExitCode print(std::span<const std::byte> bytes);

/// "poolhost: " and the text, as a line on standard error.
void complain(const std::string& text);
/// The same for the first of several lines; the others follow as they are.
void complain(const std::vector<std::string>& lines);
/// Lines that say themselves what they are about, such as a file's name and line.
void complain_as_written(const std::vector<std::string>& lines);

}  // namespace poolhost::cli
