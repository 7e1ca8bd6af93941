// SPDX-License-Identifier: Apache-2.0
// Messages with descriptors over a Unix socket that keeps message boundaries.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <sys/types.h>

namespace poolhost::base {

/// At most this many descriptors travel in one message.
inline constexpr std::size_t max_descriptors = 16;

enum class Blocking { yes, no };
enum class SendOutcome { sent, would_block, peer_gone };

/// Sends one message. The descriptors are duplicated by the kernel; the caller keeps its own. Never raises SIGPIPE, and
/// leaves the O_NONBLOCK flag alone, since that belongs to a description that another process may share.
Result<SendOutcome> send_message(int socket, std::span<const std::byte> bytes, std::span<const int> descriptors,
                                 Blocking blocking);

struct ReceivedMessage {
    enum class Kind { message, would_block, peer_gone };
    Kind kind = Kind::peer_gone;
    std::size_t size = 0;               // bytes written into the caller's space
    std::vector<UniqueFd> descriptors;  // close-on-exec
    std::optional<pid_t> sender;        // as the kernel knows it; only after enable_credentials(), with a message
};

/// Receives one message into `space`. A message that does not fit, or that carries too many descriptors, is an error.
Result<ReceivedMessage> receive_message(int socket, std::span<std::byte> space, Blocking blocking);

/// From now on every received message says which process sent it.
Result<void> enable_credentials(int socket);

}  // namespace poolhost::base
