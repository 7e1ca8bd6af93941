// SPDX-License-Identifier: Apache-2.0
#include "config/effective.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace poolhost::config {
namespace {

/// Keys without an effect in this version; what has got its effect is deleted here. '*' stands for one pool's name;
/// keys below them are meant too.
constexpr std::array<std::string_view, 5> pending_keys{
    "listen.socket", "listen.http", "listen.http_token_file", "listen.metrics", "result_ttl",
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

bool is_pending(std::string_view key_path) {
    return std::ranges::any_of(pending_keys, [&](std::string_view pending) { return matches(key_path, pending); });
}

}  // namespace

std::vector<NotYet> keys_not_yet_in_effect(const HostConfig& config) {
    std::vector<NotYet> keys;
    for (const auto& [path, place] : config.origin.places) {
        if (is_pending(path)) keys.push_back(NotYet{path, place});
    }
    std::ranges::stable_sort(keys, {}, &NotYet::place);
    return keys;
}

}  // namespace poolhost::config
