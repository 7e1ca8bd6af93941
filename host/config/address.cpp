// SPDX-License-Identifier: Apache-2.0
#include "config/address.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <limits>

namespace poolhost::config {
namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::string_view remedy = "write HOST:PORT, as in 127.0.0.1:8470 or [::1]:8470, or unix:PATH";

Misfit misfit(std::string cause) { return Misfit{std::move(cause), std::string(remedy)}; }

bool is_ipv4(const std::string& host) {
    in_addr address{};
    return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_loopback(const std::string& host) {
    in6_addr address{};
    if (::inet_pton(AF_INET6, host.c_str(), &address) == 1) return IN6_IS_ADDR_LOOPBACK(&address);
    return host == "localhost" || host.starts_with("127.");
}

}  // namespace

Parsed<Address> parse_address(std::string_view text) {
    if (text.starts_with(unix_prefix)) {
        text.remove_prefix(unix_prefix.size());
        if (text.empty()) return misfit("the path is empty");
        return Address{UnixAddress{std::string(text)}};
    }
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return misfit("the port is missing");
    std::string host(text.substr(0, colon));
    const auto port_text = text.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (bracketed ? !is_ipv6(host) : !is_ipv4(host) && host != "localhost") {
        return misfit(in_quotes(host) + " is no literal address");
    }
    std::uint16_t port = 0;
    const auto* const end = port_text.data() + port_text.size();
    const auto parsed = std::from_chars(port_text.data(), end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
        return misfit(in_quotes(port_text) + " is no port from 0 to 65535");
    }
    return Address{TcpAddress{std::move(host), port}};
}

std::string to_text(const Address& address) {
    if (const auto* const local = std::get_if<UnixAddress>(&address))
        return std::string(unix_prefix) + local->path.string();
    const auto& tcp = std::get<TcpAddress>(address);
    const bool brackets = tcp.host.find(':') != std::string::npos;
    return (brackets ? "[" + tcp.host + "]" : tcp.host) + ":" + std::to_string(tcp.port);
}

bool is_local(const Address& address) {
    const auto* const tcp = std::get_if<TcpAddress>(&address);
    return tcp == nullptr || is_loopback(tcp->host);
}

}  // namespace poolhost::config
