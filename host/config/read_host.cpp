// SPDX-License-Identifier: Apache-2.0
#include "config/scalars.hpp"
#include "config/sections.hpp"

#include <algorithm>
#include <cctype>

namespace poolhost::config {
namespace {

std::optional<std::vector<std::filesystem::path>> read_folders(const Value& value) {
    const auto texts = read_texts(value);
    if (!texts) return std::nullopt;
    std::vector<std::filesystem::path> folders;
    for (const auto& text : *texts) folders.push_back(value.reading->absolute(text));
    return folders;
}

std::optional<LogConfig> read_log(const Value& value) {
    Section section(value);
    LogConfig log;
    log.level = section.get("level", log.level, one_of(log_level_words));
    log.format = section.get("format", log.format, one_of(log_format_words));
    section.finish();
    return log;
}

bool is_pool_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
    return !name.empty() && name.size() <= longest && name[0] != '-' && std::ranges::all_of(name, fits);
}

std::optional<std::vector<PoolConfig>> read_pools(const Value& value, const PoolConfig& defaults) {
    if (value.node->kind != Node::Kind::map) {
        value.wrong_type("a map of pools", "write the name of each pool, its keys below it");
        return std::nullopt;
    }
    if (value.node->entries.empty()) {
        if (!value.reading->is_faulty(value.path)) {
            value.fault("there is no pool", "describe at least one: a name, and its plugins below it");
        }
        return std::nullopt;
    }
    std::vector<PoolConfig> pools;
    for (const MapEntry& entry : value.node->entries) {
        const Value pool{value.reading, entry.value, value.path + "." + entry.key};
        value.reading->origin.places[pool.path] = entry.key_place;
        if (!is_pool_name(entry.key)) {
            value.reading->report(entry.key_place, pool.path, "this is no name of a pool",
                                  "write up to 64 letters, digits, '_' and '-', the first no '-'");
        }
        if (!pool.is_faulty()) pools.push_back(read_pool(pool, entry.key, defaults));
    }
    return pools;
}

}  // namespace

HostConfig read_host(const Value& root) {
    Section section(root);
    HostConfig host;
    host.start_method = section.get("start_method", host.start_method, one_of(start_method_words));
    host.plugin_path = section.get("plugin_path", host.plugin_path, read_folders);
    host.listen =
        section.get("listen", host.listen, [](const Value& value) { return std::optional(read_listen(value)); });
    host.log = section.get("log", host.log, read_log);
    host.capsules =
        section.get("capsules", host.capsules, [](const Value& value) { return std::optional(read_capsules(value)); });
    host.drain_timeout = section.get("drain_timeout", host.drain_timeout, duration_with(Zero::allowed));
    host.result_ttl = section.get("result_ttl", host.result_ttl, duration_with(Zero::allowed));
    host.max_payload = section.get("max_payload", host.max_payload, size_with(Zero::refused));
    PoolConfig defaults;
    defaults.start_method = host.start_method;
    host.pools = section.get("pools", host.pools, [&](const Value& value) { return read_pools(value, defaults); });
    section.require("pools", "describe at least one pool: 'pools:', then its name, then its plugins");
    section.finish();
    return host;
}

CapsuleConfig read_capsules(const Value& value) {
    Section section(value);
    CapsuleConfig capsules;
    capsules.dir = section.get_if<std::filesystem::path>("dir", read_path);
    capsules.max = section.get("max", capsules.max, number_in<std::uint32_t>({0, 1'000'000}));
    capsules.max_size = section.get("max_size", capsules.max_size, size_with(Zero::refused));
    capsules.on = section.get("on", capsules.on, [](const Value& list) -> std::optional<std::vector<CapsuleCause>> {
        if (list.node->kind != Node::Kind::list) {
            list.wrong_type("a list", "write a list, as in [crash, timeout]");
            return std::nullopt;
        }
        std::vector<CapsuleCause> causes;
        for (const Value& item : list.items()) {
            if (const auto cause = one_of(capsule_cause_words)(item)) causes.push_back(*cause);
        }
        return causes;
    });
    section.finish();
    return capsules;
}

}  // namespace poolhost::config
