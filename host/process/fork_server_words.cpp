// SPDX-License-Identifier: Apache-2.0
#include "process/fork_server_words.hpp"

#include <array>
#include <utility>

namespace poolhost::process {

base::Result<base::SendOutcome> say(int socket, Word word, std::string_view text, std::span<const int> descriptors,
                                    base::Blocking blocking) {
    std::string message(1, static_cast<char>(word));
    message += text.substr(0, max_failure_text);
    return base::send_message(socket, std::as_bytes(std::span(message)), descriptors, blocking);
}

base::Result<base::SendOutcome> say(int socket, Word word, base::Blocking blocking) {
    return say(socket, word, {}, {}, blocking);
}

base::Result<Hearing> hear(int socket, base::Blocking blocking) {
    std::array<std::byte, 1 + max_failure_text> space;
    auto message = base::receive_message(socket, space, blocking);
    if (!message) return message.error();
    using Kind = base::ReceivedMessage::Kind;
    if (message->kind != Kind::message) return Hearing{.heard = {}, .gone = message->kind == Kind::peer_gone};
    const std::string_view text(reinterpret_cast<const char*>(space.data()), message->size);
    return Hearing{.heard = Heard{.word = static_cast<Word>(text.front()),
                                  .text = std::string(text.substr(1)),
                                  .descriptors = std::move(message->descriptors),
                                  .sender = message->sender}};
}

}  // namespace poolhost::process
