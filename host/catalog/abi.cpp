// SPDX-License-Identifier: Apache-2.0
#include "catalog/abi.hpp"

#include <charconv>
#include <string>

namespace poolhost::catalog {

base::Result<base::AbiVersion> parse_abi(std::string_view text) {
    base::AbiVersion version;
    const char* const end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.major);
    if (major.ec == std::errc{} && major.ptr != end && *major.ptr == '.') {
        const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
        if (minor.ec == std::errc{} && minor.ptr == end) return version;
    }
    return base::Error{"'" + std::string(text.substr(0, 40)) + "' is no ABI version; one looks like \"1.0\""};
}

base::Result<void> check_abi(std::string_view abi) {
    const auto version = parse_abi(abi);
    if (!version) return version.error();
    return base::check_abi(*version);
}

}  // namespace poolhost::catalog
