// SPDX-License-Identifier: Apache-2.0
#include "config/state_folder.hpp"

#include <string_view>

namespace poolhost::config {

std::filesystem::path state_folder(const Environment& environment) {
    const auto value = [&](const char* name) {
        const char* const text = environment(name);
        return std::string_view(text != nullptr ? text : "");
    };
    const std::string_view given = value("STATE_DIRECTORY");
    if (!given.empty()) return std::filesystem::path(given.substr(0, given.find(':')));
    const std::filesystem::path state = value("XDG_STATE_HOME");
    if (state.is_absolute()) return state / "poolhost";
    const std::filesystem::path home = value("HOME");
    return home.is_absolute() ? home / ".local/state/poolhost" : std::filesystem::path();
}

}  // namespace poolhost::config
