// SPDX-License-Identifier: Apache-2.0
// What is wrong in a configuration, where it stands, and what would be right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace poolhost::config {

/// Both count from 1; the column counts characters, not bytes. 0 where there is no such place (a missing file).
struct Place {
    int line = 0;
    int column = 0;

    friend auto operator<=>(const Place&, const Place&) = default;
};

struct Fault {
    Place place;
    std::string key_path;  ///< as in pools.thumbs.recycle.tasks; empty where the file itself is at fault
    std::string cause;
    std::string remedy;
};

using Faults = std::vector<Fault>;

/// The text in quotation marks, cut after 60 bytes at the end of a character.
std::string in_quotes(std::string_view text);

/// "FILE:LINE:COLUMN: key.path: what is wrong; what would be right", without a newline; control characters that came
/// from the file are made visible.
std::string describe(const Fault& fault, const std::string& file);

}  // namespace poolhost::config
