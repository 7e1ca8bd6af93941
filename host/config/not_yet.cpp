// SPDX-License-Identifier: Apache-2.0
#include "config/effective.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace poolhost::config {
namespace {

/// A key without an effect in this version; what has got its effect is deleted here. '*' stands for one pool's name;
/// keys below it are meant too. With a value, only that value has none.
struct Pending {
    std::string_view key;
    std::string_view value = {};
};

constexpr std::array pending_keys{
    Pending{"listen.socket"},   Pending{"listen.http"},        Pending{"listen.http_token_file"},
    Pending{"listen.metrics"},  Pending{"log.format", "json"}, Pending{"capsules"},
    Pending{"result_ttl"},      Pending{"pools.*.retries"},    Pending{"pools.*.quarantine"},
    Pending{"pools.*.recycle"}, Pending{"pools.*.slow"},
};

std::string_view next_part(std::string_view path) { return path.substr(0, path.find('.')); }

std::string_view behind_part(std::string_view path) {
    const auto dot = path.find('.');
    return dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
}

bool matches(std::string_view key_path, std::string_view pattern) {
    for (; !key_path.empty() && !pattern.empty(); key_path = behind_part(key_path), pattern = behind_part(pattern)) {
        if (next_part(pattern) != "*" && next_part(pattern) != next_part(key_path)) return false;
    }
    return key_path.empty() && pattern.empty();
}

bool is_pending(const HostConfig& config, std::string_view key_path) {
    return std::ranges::any_of(pending_keys, [&](const Pending& pending) {
        const bool has_effect = pending.value == "json" && config.log.format != LogFormat::json;
        return matches(key_path, pending.key) && !has_effect;
    });
}

}  // namespace

std::vector<NotYet> keys_not_yet_in_effect(const HostConfig& config) {
    std::vector<NotYet> keys;
    for (const auto& [path, place] : config.origin.places) {
        if (is_pending(config, path)) keys.push_back(NotYet{path, place});
    }
    std::ranges::stable_sort(keys, {}, &NotYet::place);
    return keys;
}

}  // namespace poolhost::config
