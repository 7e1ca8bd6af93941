// SPDX-License-Identifier: Apache-2.0
#include "base/descriptor_passing.hpp"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>

namespace poolhost::base {
namespace {

constexpr std::size_t control_size = CMSG_SPACE(sizeof(int) * max_descriptors) + CMSG_SPACE(sizeof(ucred));

int flag(Blocking blocking) { return blocking == Blocking::no ? MSG_DONTWAIT : 0; }

void take_control(msghdr& header, ReceivedMessage& message) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET) continue;
        if (part->cmsg_type == SCM_RIGHTS) {
            const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t i = 0; i < count; ++i) {
                int fd = -1;
                std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
                message.descriptors.emplace_back(fd);
            }
        } else if (part->cmsg_type == SCM_CREDENTIALS) {
            ucred credentials{};
            std::memcpy(&credentials, CMSG_DATA(part), sizeof credentials);
            message.sender = credentials.pid;
        }
    }
}

}  // namespace

Result<SendOutcome> send_message(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors,
                                 Blocking blocking) {
    if (descriptors.size() > max_descriptors) bug("too many descriptors for one message");
    iovec part{const_cast<std::byte*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::byte control[control_size] = {};
    if (!descriptors.empty()) {
        header.msg_control = control;
        header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
    }
    ssize_t sent = -1;
    do {
        sent = ::sendmsg(socket, &header, MSG_NOSIGNAL | flag(blocking));
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) return SendOutcome::sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return SendOutcome::would_block;
    if (errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN) return SendOutcome::peer_gone;
    return system_error("cannot send on a socket");
}

Result<ReceivedMessage> receive_message(int socket, std::span<std::byte> space, Blocking blocking) {
    iovec part{space.data(), space.size()};
    alignas(cmsghdr) std::byte control[control_size];
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    ssize_t received = -1;
    do {
        received = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC | flag(blocking));
    } while (received < 0 && errno == EINTR);
    ReceivedMessage message;
    if (received < 0) {
        if (errno == ECONNRESET) return message;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return system_error("cannot receive from a socket");
        message.kind = ReceivedMessage::Kind::would_block;
        return message;
    }
    take_control(header, message);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        return Error{"a message is larger than its protocol allows"};
    if (received == 0) return message;  // messages here are never empty, so this is the end of file
    message.kind = ReceivedMessage::Kind::message;
    message.size = static_cast<std::size_t>(received);
    return message;
}

Result<void> enable_credentials(int socket) {
    const int on = 1;
    if (::setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) {
        return system_error("cannot ask a socket for its sender");
    }
    return {};
}

}  // namespace poolhost::base
