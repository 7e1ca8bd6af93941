// SPDX-License-Identifier: Apache-2.0
// The program that tests of errands send out; its request says how it is to behave.
#include "base/descriptor_passing.hpp"
#include "base/shared_memory.hpp"
#include "process/errand.hpp"
#include "process/errand_words.hpp"
#include "process/worker_role.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace poolhost;

void answer(const process::ErrandOrders& orders, std::string_view text) {
    const auto answered = process::answer_errand(orders, std::as_bytes(std::span(text)));
    if (!answered) std::fprintf(stderr, "%s\n", answered.error().message.c_str());
}

// Every descriptor's file content, in their order.
std::string contents(const process::ErrandOrders& orders) {
    std::string all;
    for (const auto& descriptor : orders.descriptors) {
        std::array<char, 64> text{};
        const auto size = ::pread(descriptor.get(), text.data(), text.size(), 0);
        all.append(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return all;
}

std::string surroundings() {
    std::string text = ::isatty(STDIN_FILENO) != 0 ? "terminal" : "no terminal";
    text += ::getpgrp() == ::getpid() ? ", own group" : ", foreign group";
    return text;
}

void send_garbage(const process::ErrandOrders& orders) {
    constexpr std::string_view noise = "xyzzy";
    const auto sent = base::send_message(orders.socket.get(), std::as_bytes(std::span(noise)), {}, base::Blocking::yes);
    if (!sent) std::abort();
}

// An answer whose memory can still be cut short under its reader.
void send_unsealed(const process::ErrandOrders& orders) {
    const auto memory = base::make_memory("unsealed", 100);
    const process::ErrandMessage message{process::ErrandMessage::Word::answer};
    const int descriptor = memory->get();
    const auto sent = base::send_message(orders.socket.get(), std::as_bytes(std::span(&message, 1)),
                                         std::span(&descriptor, 1), base::Blocking::yes);
    if (!sent) std::abort();
}

// A child that keeps the socket open and would outlive everybody.
void leave_child_behind() {
    if (::fork() == 0) {
        for (;;) ::pause();
    }
}

[[noreturn]] void wait_for_ever() {
    for (;;) ::pause();
}

void behave(const process::ErrandOrders& orders, const std::string& how) {
    if (how == "once") answer(orders, "one");
    if (how == "twice") {
        answer(orders, "one");
        answer(orders, "two");
    }
    if (how == "empty") answer(orders, "");
    if (how == "contents") answer(orders, contents(orders));
    if (how == "surroundings") answer(orders, surroundings());
    if (how == "huge") answer(orders, std::string(8'000'000, 'h'));
    if (how == "too-huge") {
        answer(orders, "small");
        answer(orders, std::string(process::max_answer + 1, 'h'));
    }
    if (how == "crash") {
        answer(orders, "before");
        std::abort();
    }
    if (how == "hang") {
        answer(orders, "before");
        wait_for_ever();
    }
    if (how == "stop") {
        answer(orders, "before");
        ::raise(SIGSTOP);
    }
    if (how == "hang-in-silence") wait_for_ever();
    if (how == "garbage") {
        answer(orders, "before");
        send_garbage(orders);
        wait_for_ever();
    }
    if (how == "unsealed") {
        answer(orders, "before");
        send_unsealed(orders);
        wait_for_ever();
    }
    if (how == "child") {
        leave_child_behind();
        answer(orders, "parent");
    }
    if (how == "flood") {
        for (;;) answer(orders, "again");
    }
    if (how == "deaf-end") {
        ::shutdown(orders.socket.get(), SHUT_RDWR);
        wait_for_ever();
    }
    if (how.starts_with("count ")) answer(orders, std::to_string(how.size()));
}

}  // namespace

int main(int count, char** words) {
    if (count > 1 && std::string_view(words[1]) == "deaf") wait_for_ever();
    const auto orders = process::take_errand();
    if (!orders) {
        std::fprintf(stderr, "%s\n", orders.error().message.c_str());
        return 2;
    }
    behave(*orders, {reinterpret_cast<const char*>(orders->request.data()), orders->request.size()});
    return 0;
}
