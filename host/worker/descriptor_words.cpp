// SPDX-License-Identifier: Apache-2.0
#include "worker/descriptor_words.hpp"

#include <array>
#include <cstddef>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace poolhost::worker {
namespace {

union Address {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
    sockaddr_un local;
    sockaddr_storage largest;
};

std::string internet(int family, const void* address, in_port_t port) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(family, address, text.data(), text.size());
    const std::string host = family == AF_INET6 ? "[" + std::string(text.data()) + "]" : text.data();
    return host + ":" + std::to_string(ntohs(port));
}

// "" for an address that was never given.
std::string in_words(const Address& address, socklen_t size) {
    switch (address.any.sa_family) {
        case AF_INET:
            return address.v4.sin_port == 0 ? "" : internet(AF_INET, &address.v4.sin_addr, address.v4.sin_port);
        case AF_INET6:
            return address.v6.sin6_port == 0 ? "" : internet(AF_INET6, &address.v6.sin6_addr, address.v6.sin6_port);
        case AF_UNIX:
            break;
        default:
            return "";
    }
    if (size <= offsetof(sockaddr_un, sun_path)) return "";
    const std::string path(address.local.sun_path, size - offsetof(sockaddr_un, sun_path));
    return path.front() == '\0' ? "@" + path.substr(1) : path.substr(0, path.find('\0'));
}

std::string address_of(int fd, int (*ask)(int, sockaddr*, socklen_t*)) {
    Address address{};
    socklen_t size = sizeof address;
    return ask(fd, &address.any, &size) == 0 ? in_words(address, size) : "";
}

int option(int fd, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

std::string kind_of(int fd) {
    switch (option(fd, SO_DOMAIN)) {
        case AF_INET:
        case AF_INET6:
            return option(fd, SO_TYPE) == SOCK_STREAM ? "a TCP socket" : "a UDP socket";
        case AF_UNIX:
            return "a Unix socket";
        default:
            return "a socket";
    }
}

std::string describe_socket(int fd) {
    const std::string own = address_of(fd, ::getsockname);
    const std::string peer = address_of(fd, ::getpeername);
    std::string text = kind_of(fd);
    if (option(fd, SO_ACCEPTCONN) == 1) return text + " listening on " + own;
    if (!peer.empty()) return text + " connected to " + peer;
    return own.empty() ? text : text + " bound to " + own;
}

}  // namespace

std::string describe_descriptor(int fd, const std::string& target) {
    const bool socket = target.starts_with("socket:");
    return std::to_string(fd) + " (" + (socket ? describe_socket(fd) : target) + ")";
}

}  // namespace poolhost::worker
