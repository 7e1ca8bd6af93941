// SPDX-License-Identifier: Apache-2.0
#include "config/address.hpp"
#include "config/scalars.hpp"
#include "config/sections.hpp"

#include <sys/un.h>

namespace poolhost::config {
namespace {

// What sockaddr_un holds, its NUL included.
constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;

bool fits_a_socket(const Value& value, const std::filesystem::path& path) {
    if (path.native().size() <= longest_socket_path) return true;
    value.fault("the path of the socket has " + std::to_string(path.native().size()) + " bytes",
                "choose one of at most " + std::to_string(longest_socket_path));
    return false;
}

std::optional<Address> read_address(const Value& value) {
    const auto text = read_text(value);
    if (!text) return std::nullopt;
    auto address = parse_address(*text);
    if (!address) {
        value.fault(address.error().cause, address.error().remedy);
        return std::nullopt;
    }
    if (auto* const local = std::get_if<UnixAddress>(&*address)) {
        local->path = value.reading->absolute(local->path);
        if (!fits_a_socket(value, local->path)) return std::nullopt;
    }
    return *address;
}

// Octal digits, as chmod takes them.
std::optional<std::uint32_t> read_mode(const Value& value) {
    const std::string_view text = value.node->text;
    const bool octal = value.is_scalar() && text.find_first_not_of("01234567") == std::string_view::npos;
    const bool fits = octal && ((text.size() == 4 && text[0] == '0') || text.size() == 3);
    if (!fits) {
        value.wrong_type("a file mode in octal", "write four octal digits, as in 0600");
        return std::nullopt;
    }
    std::uint32_t mode = 0;
    for (const char c : text) mode = mode * 8 + static_cast<std::uint32_t>(c - '0');
    return mode;
}

// Relative to the runtime folder, which only the listener knows.
std::optional<std::filesystem::path> read_socket_path(const Value& value) {
    const auto text = read_text(value);
    if (!text || !fits_a_socket(value, *text)) return std::nullopt;
    return std::filesystem::path(*text);
}

std::optional<SocketConfig> read_socket(const Value& value) {
    SocketConfig socket;
    if (value.node->kind != Node::Kind::map) {
        const auto path = read_socket_path(value);
        if (path) socket.path = *path;
        return socket;
    }
    Section section(value);
    socket.path = section.get("path", socket.path, read_socket_path);
    socket.mode = section.get("mode", socket.mode, read_mode);
    socket.group = section.get_if<std::string>("group", read_text);
    socket.allow_users = section.get("allow_users", socket.allow_users, read_texts);
    socket.allow_groups = section.get("allow_groups", socket.allow_groups, read_texts);
    section.finish();
    return socket;
}

}  // namespace

ListenConfig read_listen(const Value& value) {
    Section section(value);
    ListenConfig listen;
    listen.socket = section.get("socket", listen.socket, read_socket);
    listen.http = section.get_if<Address>("http", read_address);
    listen.http_token_file = section.get_if<std::filesystem::path>("http_token_file", read_path);
    listen.metrics = section.get_if<Address>("metrics", read_address);
    section.finish();
    const std::string token_path = value.path + ".http_token_file";
    if (listen.http && !is_local(*listen.http) && !listen.http_token_file && !value.reading->is_faulty(token_path)) {
        value.reading->report_at(value.path + ".http", "beyond this machine, HTTP needs a token",
                                 "add http_token_file, or listen on 127.0.0.1");
    }
    return listen;
}

}  // namespace poolhost::config
