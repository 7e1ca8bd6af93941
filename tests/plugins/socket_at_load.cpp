// SPDX-License-Identifier: Apache-2.0
// Vice: it opens sockets in a static constructor, which every fork takes along.
#include <poolhost/sdk.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

namespace {

[[gnu::constructor]] void when_loaded() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
    socklen_t size = sizeof address;
    if (::bind(listening, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listening, 1) != 0) return;
    if (::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
    const int connected = ::socket(AF_INET, SOCK_STREAM, 0);
    static_cast<void>(::connect(connected, reinterpret_cast<sockaddr*>(&address), size));
}

std::int64_t same(std::int64_t value) { return value; }

}  // namespace

POOLHOST_PLUGIN(socket_at_load, "1.0.0", "Leaves sockets open.",
                poolhost::task("same", same, "value").doc("Its argument."))
