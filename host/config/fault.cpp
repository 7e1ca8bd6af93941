// SPDX-License-Identifier: Apache-2.0
#include "config/fault.hpp"

namespace poolhost::config {
namespace {

// One line stays one line, and a terminal is not driven by what a file holds.
std::string visible(const std::string& text) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            shown += c;
        } else {
            shown += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    return shown;
}

}  // namespace

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 60;
    if (text.size() <= most) return "'" + std::string(text) + "'";
    std::size_t end = most;
    while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
    return "'" + std::string(text.substr(0, end)) + "…'";
}

std::string describe(const Fault& fault, const std::string& file) {
    std::string line = file + ":" + std::to_string(fault.place.line) + ":" + std::to_string(fault.place.column) + ": ";
    if (!fault.key_path.empty()) {
        line += fault.key_path + ": ";
    }
    return visible(line + fault.cause + "; " + fault.remedy);
}

}  // namespace poolhost::config
