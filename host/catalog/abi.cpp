// SPDX-License-Identifier: Apache-2.0
#include "catalog/abi.hpp"

#include <charconv>
#include <string>

namespace poolhost::catalog {
namespace {

std::string to_string(AbiVersion version) {
    return std::to_string(version.major) + "." + std::to_string(version.minor);
}

}  // namespace

base::Result<AbiVersion> parse_abi(std::string_view text) {
    AbiVersion version;
    const char* const end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.major);
    if (major.ec == std::errc{} && major.ptr != end && *major.ptr == '.') {
        const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
        if (minor.ec == std::errc{} && minor.ptr == end) return version;
    }
    return base::Error{"'" + std::string(text.substr(0, 40)) + "' is no ABI version; one looks like \"1.0\""};
}

base::Result<void> check_abi(AbiVersion plugin, AbiVersion host) {
    const std::string versions =
        "compiled for plugin ABI " + to_string(plugin) + ", but this poolhost speaks " + to_string(host);
    if (plugin.major < host.major)
        return base::Error{"too old: " + versions + "; rebuild the plugin with this poolhost's SDK"};
    if (plugin > host)
        return base::Error{"too new: " + versions +
                           "; update poolhost, or rebuild the plugin with this poolhost's SDK"};
    return {};
}

base::Result<void> check_abi(std::string_view plugin) {
    const auto version = parse_abi(plugin);
    if (!version) return version.error();
    return check_abi(*version);
}

}  // namespace poolhost::catalog
