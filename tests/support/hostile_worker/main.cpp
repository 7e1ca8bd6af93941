// SPDX-License-Identifier: Apache-2.0
// A worker that means harm: it is born as poolhost-worker is, plays honest for a while, and then breaks the protocol in
// the ways that its seed says. Usage, by a spawn starter only: hostile_worker SEED.
#include "process/worker_role.hpp"
#include "support/hostile_worker/malice.hpp"

#include <array>
#include <csignal>
#include <cstdlib>

#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

// The first of the descriptors that the host sends, without taking the message: the host's own memory.
int peek_host_memory(int socket) {
    std::array<std::byte, 64> space{};
    alignas(cmsghdr) std::array<std::byte, 256> control{};
    iovec part{space.data(), space.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    if (::recvmsg(socket, &header, MSG_PEEK | MSG_CMSG_CLOEXEC) <= 0) return -1;
    const cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    int memory = -1;
    if (rights != nullptr) std::memcpy(&memory, CMSG_DATA(rights), sizeof memory);
    return memory;
}

void pass(Dice& dice) {
    const timespec moment{0, static_cast<long>(dice.below(500'000))};
    if (dice.one_in(3)) ::nanosleep(&moment, nullptr);
}

[[noreturn]] void end(Dice& dice) {
    switch (dice.below(16)) {
        case 0:
            ::raise(SIGKILL);
            break;
        case 1:
            std::abort();
        case 2:
            ::raise(SIGSTOP);
            break;
        case 3:
            for (;;) ::pause();
        default:
            break;
    }
    ::_exit(static_cast<int>(dice.below(256)));
}

int do_harm(base::UniqueFd socket, std::uint64_t seed) {
    Dice dice(seed);
    attack_host_memory(peek_host_memory(socket.get()));
    auto accepted = channel::Channel::accept(std::move(socket));
    if (!accepted) return 1;
    channel::Channel& channel = accepted->channel;
    Honest honest(channel);
    Malice malice(channel, honest, dice);
    if (!dice.one_in(8)) honest.say_ready();
    for (std::size_t calls = dice.one_in(2) ? dice.below(50) : 0; calls > 0 && honest.listen();) {
        for (; calls > 0 && !honest.duties().empty(); --calls) honest.serve_one();
        honest.ring();
    }
    const bool listens = dice.one_in(2);
    for (std::size_t acts = 1 + dice.below(30); acts > 0; --acts) {
        malice.act();
        honest.ring();
        pass(dice);
        if (listens) honest.listen();
        if (dice.one_in(3)) honest.serve_one();
    }
    end(dice);
}

}  // namespace
}  // namespace poolhost::test

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const std::uint64_t seed = std::strtoull(argv[1], nullptr, 10);
    poolhost::process::live_as_spawned_worker(
        [seed](poolhost::base::UniqueFd socket) { return poolhost::test::do_harm(std::move(socket), seed); });
}
