// SPDX-License-Identifier: Apache-2.0
#include "base/descriptor_passing.hpp"
#include "base/shared_memory.hpp"
#include "process/errand.hpp"
#include "process/errand_words.hpp"

#include <iterator>
#include <span>
#include <utility>

#include <sys/resource.h>

namespace poolhost::process {
namespace {

using Word = ErrandMessage::Word;

struct Received {
    ErrandMessage message;
    std::vector<base::UniqueFd> descriptors;
};

base::Result<Received> receive(int socket) {
    Received received;
    auto space = std::as_writable_bytes(std::span(&received.message, 1));
    auto got = base::receive_message(socket, space, base::Blocking::yes);
    if (!got) return got.error();
    if (got->kind != base::ReceivedMessage::Kind::message) return base::Error{"the host is gone"};
    if (got->size != sizeof(ErrandMessage)) return base::Error{"the host sent a message of a wrong size"};
    received.descriptors = std::move(got->descriptors);
    return received;
}

base::Result<void> send(int socket, Word word, std::span<const int> descriptors) {
    const ErrandMessage message{word};
    const auto bytes = std::as_bytes(std::span(&message, 1));
    const auto sent = base::send_message(socket, bytes, descriptors, base::Blocking::yes);
    if (!sent) return sent.error();
    if (*sent != base::SendOutcome::sent) return base::Error{"the host is gone"};
    return {};
}

base::Result<std::vector<std::byte>> contents(int memory) {
    const auto size = base::sealed_size(memory);
    if (!size) return size.error();
    if (*size == 0) return std::vector<std::byte>();
    const auto mapping = base::map_memory(memory, *size, base::Access::read_only);
    if (!mapping) return mapping.error();
    const auto bytes = mapping->bytes();
    return std::vector<std::byte>(bytes.begin(), bytes.end());
}

void append(std::vector<base::UniqueFd>& all, std::vector<base::UniqueFd> some) {
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
}

// What the limit cuts off is lost without an error.
void allow_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

base::Result<ErrandOrders> take_errand() {
    auto socket = take_birth_socket();
    if (!socket) return socket.error();
    allow_descriptors();
    auto first = receive(socket->get());
    if (!first) return first.error();
    if (first->message.word != Word::orders || first->descriptors.empty()) {
        return base::Error{"the host began with something else than orders"};
    }
    auto request = contents(first->descriptors.front().get());
    if (!request) return request.error();
    ErrandOrders orders{std::move(*socket), std::move(*request), {}};
    first->descriptors.erase(first->descriptors.begin());
    append(orders.descriptors, std::move(first->descriptors));
    while (orders.descriptors.size() < first->message.descriptors) {
        if (auto asked = send(orders.socket.get(), Word::more, {}); !asked) return asked.error();
        auto next = receive(orders.socket.get());
        if (!next) return next.error();
        if (next->descriptors.empty()) return base::Error{"the host sent fewer descriptors than it said"};
        append(orders.descriptors, std::move(next->descriptors));
    }
    return orders;
}

base::Result<void> answer_errand(const ErrandOrders& orders, std::span<const std::byte> answer) {
    if (answer.size() > max_answer) return base::Error{"an answer is larger than an errand may bring home"};
    const auto memory = base::make_sealed_copy("poolhost-answer", answer);
    if (!memory) return memory.error();
    const int descriptor = memory->get();
    return send(orders.socket.get(), Word::answer, std::span(&descriptor, 1));
}

}  // namespace poolhost::process
