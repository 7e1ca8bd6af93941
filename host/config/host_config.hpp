// SPDX-License-Identifier: Apache-2.0
// A whole configuration as plain structs: every key outside of the pools, with its default.
#pragma once

#include "config/fault.hpp"
#include "config/pool_config.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace poolhost::config {

/// The place of every key that the user wrote, by its path (pools.thumbs.plugins[1]). Where something was written is no
/// part of what it means: two origins always compare equal.
struct Origin {
    std::filesystem::path file;
    std::map<std::string, Place> places;

    friend bool operator==(const Origin&, const Origin&) { return true; }
};

struct TcpAddress {
    std::string host;  ///< a literal address or localhost; IPv6 without brackets
    std::uint16_t port = 0;

    friend bool operator==(const TcpAddress&, const TcpAddress&) = default;
};

struct UnixAddress {
    std::filesystem::path path;  ///< absolute

    friend bool operator==(const UnixAddress&, const UnixAddress&) = default;
};

using Address = std::variant<TcpAddress, UnixAddress>;

struct SocketConfig {
    std::filesystem::path path = "poolhost.sock";  ///< as written: relative to the runtime folder, not to the file
    std::uint32_t mode = 0600;
    std::optional<std::string> group;
    std::vector<std::string> allow_users;
    std::vector<std::string> allow_groups;

    friend bool operator==(const SocketConfig&, const SocketConfig&) = default;
};

struct ListenConfig {
    SocketConfig socket;
    std::optional<Address> http;
    std::optional<std::filesystem::path> http_token_file;  ///< absolute
    std::optional<Address> metrics;

    friend bool operator==(const ListenConfig&, const ListenConfig&) = default;
};

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

struct LogConfig {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;

    friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

/// What a capsule may be written for: the causes of worker_lost, and timeout.
enum class CapsuleCause { crash, oom, limit, killed, exit, timeout };

struct CapsuleConfig {
    std::optional<std::filesystem::path> dir;  ///< absolute; none: the state folder
    std::uint32_t max = 100;
    Bytes max_size = base::mebibytes(64);
    std::vector<CapsuleCause> on{CapsuleCause::crash, CapsuleCause::timeout};

    friend bool operator==(const CapsuleConfig&, const CapsuleConfig&) = default;
};

struct HostConfig {
    StartMethod start_method = base::default_start_method;
    std::vector<std::filesystem::path> plugin_path;  ///< absolute
    ListenConfig listen;
    LogConfig log;
    CapsuleConfig capsules;
    Duration drain_timeout = std::chrono::seconds(30);
    Duration result_ttl = std::chrono::minutes(5);
    Bytes max_payload = base::gibibytes(4);
    std::vector<PoolConfig> pools;  ///< in the file's order: the first that offers a task takes it
    Origin origin;

    friend bool operator==(const HostConfig&, const HostConfig&) = default;
};

}  // namespace poolhost::config
