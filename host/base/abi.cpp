// SPDX-License-Identifier: Apache-2.0
#include "base/abi.hpp"

#include <string>

namespace poolhost::base {
namespace {

std::string to_string(AbiVersion version) {
    return std::to_string(version.major) + "." + std::to_string(version.minor);
}

}  // namespace

Result<void> check_abi(AbiVersion plugin, AbiVersion host) {
    const std::string versions =
        "compiled for plugin ABI " + to_string(plugin) + ", but this poolhost speaks " + to_string(host);
    if (plugin.major < host.major)
        return Error{"too old: " + versions + "; rebuild the plugin with this poolhost's SDK"};
    if (plugin > host)
        return Error{"too new: " + versions + "; update poolhost, or rebuild the plugin with this poolhost's SDK"};
    return {};
}

}  // namespace poolhost::base
