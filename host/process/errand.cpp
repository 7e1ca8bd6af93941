// SPDX-License-Identifier: Apache-2.0
#include "process/errand.hpp"

#include "base/descriptor_passing.hpp"
#include "base/shared_memory.hpp"
#include "process/deadline.hpp"
#include "process/errand_words.hpp"
#include "process/exit_watch.hpp"
#include "process/readiness.hpp"
#include "process/spawn.hpp"
#include "process/supervision.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <unistd.h>

namespace poolhost::process {
namespace {

using Word = ErrandMessage::Word;

// How long the end of a killed program is awaited; one that the kernel cannot end keeps nobody waiting.
constexpr auto last_wait = std::chrono::milliseconds(250);
// More messages than a socket holds: what is left behind by a dead program is read to its end, a flood is not.
constexpr int most_messages = 4096;

struct Answer {
    base::UniqueFd memory;
    std::size_t size = 0;
};

/// What the program has not asked for yet.
using Waiting = std::vector<base::UniqueFd>;

class SentOut final : public Errand {
public:
    SentOut(Process process, base::UniqueFd socket, Waiting waiting, OnEnd on_end)
        : process_(std::move(process)),
          socket_(std::move(socket)),
          waiting_(std::move(waiting)),
          on_end_(std::move(on_end)) {}

    ~SentOut() override {
        if (!process_.reaped()) process_.kill_and_leave();
    }

    base::Result<void> watch(boost::asio::io_context& loop, base::TimePoint deadline) {
        auto readiness = Readiness::watch(loop, socket_.get(), [this] { return look(); });
        if (!readiness) return readiness.error();
        readiness_.emplace(std::move(*readiness));
        auto exit = ExitWatch::start(loop, process_, [this] { ended(); });
        if (!exit) return exit.error();
        exit_.emplace(std::move(*exit));
        deadline_.emplace(loop, deadline - base::Clock::now(), [this, &loop] {
            kill();
            deadline_.emplace(loop, last_wait, [this] { finish(); });
        });
        return {};
    }

private:
    enum class Heard { message, nothing, gone, nonsense };

    Next look() {
        const Heard heard = hear();
        if (heard == Heard::nonsense) kill();
        return heard == Heard::gone || heard == Heard::nonsense ? Next::stop : Next::wait_again;
    }

    Heard hear() {
        ErrandMessage message;
        auto got =
            base::receive_message(socket_.get(), std::as_writable_bytes(std::span(&message, 1)), base::Blocking::no);
        if (!got) return Heard::nonsense;
        if (got->kind == base::ReceivedMessage::Kind::would_block) return Heard::nothing;
        if (got->kind == base::ReceivedMessage::Kind::peer_gone) return Heard::gone;
        if (got->size != sizeof message) return Heard::nonsense;
        const bool sensible = message.word == Word::answer ? take_answer(std::move(got->descriptors))
                                                           : message.word == Word::more && send_more();
        return sensible ? Heard::message : Heard::nonsense;
    }

    bool take_answer(std::vector<base::UniqueFd> descriptors) {
        if (descriptors.size() != 1) return false;
        const auto size = base::sealed_size(descriptors.front().get());
        if (!size || *size > max_answer) return false;
        answer_.emplace(Answer{std::move(descriptors.front()), *size});
        return true;
    }

    // A batch at a time, so that neither the socket nor the kernel's bound of descriptors on their way overflows.
    bool send_more() {
        const std::size_t count = std::min(waiting_.size(), base::max_descriptors);
        if (count == 0) return false;
        std::vector<int> batch;
        for (std::size_t i = 0; i < count; ++i) batch.push_back(waiting_[i].get());
        const ErrandMessage message{Word::more};
        const auto sent =
            base::send_message(socket_.get(), std::as_bytes(std::span(&message, 1)), batch, base::Blocking::no);
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        return sent && *sent == base::SendOutcome::sent;
    }

    // What it said before stands.
    void kill() {
        hear_all();
        process_.kill_group(SIGKILL);
    }

    void hear_all() {
        for (int i = 0; i < most_messages && hear() == Heard::message; ++i) {
        }
    }

    void ended() {
        hear_all();
        process_.kill_group(SIGKILL);
        process_.reap();
        finish();
    }

    void finish() {
        readiness_.reset();
        exit_.reset();
        deadline_.reset();
        const auto call = std::move(on_end_);
        call(newest_answer());
    }

    [[nodiscard]] std::optional<std::vector<std::byte>> newest_answer() const {
        if (!answer_) return std::nullopt;
        if (answer_->size == 0) return std::vector<std::byte>();
        const auto mapping = base::map_memory(answer_->memory.get(), answer_->size, base::Access::read_only);
        if (!mapping) return std::nullopt;
        return std::vector<std::byte>(mapping->bytes().begin(), mapping->bytes().end());
    }

    Process process_;
    base::UniqueFd socket_;
    Waiting waiting_;
    std::optional<Answer> answer_;
    OnEnd on_end_;
    std::optional<Readiness> readiness_;
    std::optional<ExitWatch> exit_;
    std::optional<Deadline> deadline_;
};

// The message that a new program finds in its socket; what does not fit into it waits.
base::Result<Waiting> send_orders(int socket, std::span<const std::byte> request, std::span<const int> descriptors) {
    const auto memory = base::make_sealed_copy("poolhost-errand", request);
    if (!memory) return memory.error();
    const std::size_t fitting = std::min(descriptors.size(), base::max_descriptors - 1);
    std::vector<int> first{memory->get()};
    first.insert(first.end(), descriptors.begin(), descriptors.begin() + static_cast<std::ptrdiff_t>(fitting));
    Waiting waiting;
    for (const int fd : descriptors.subspan(fitting)) {
        auto copy = base::duplicate(fd);
        if (!copy) return copy.error();
        waiting.push_back(std::move(*copy));
    }
    const ErrandMessage message{Word::orders, static_cast<std::uint32_t>(descriptors.size())};
    const auto sent = base::send_message(socket, std::as_bytes(std::span(&message, 1)), first, base::Blocking::no);
    if (!sent) return sent.error();
    if (*sent != base::SendOutcome::sent) return base::Error{"a fresh socket takes no message"};
    return waiting;
}

}  // namespace

base::Result<std::unique_ptr<Errand>> Errand::send_out(boost::asio::io_context& loop, const Program& program,
                                                       std::span<const std::byte> request,
                                                       std::span<const int> descriptors, base::TimePoint deadline,
                                                       OnEnd on_end) {
    const auto host = supervision();
    if (!host) return host.error();
    auto sockets = base::make_socket_pair();
    if (!sockets) return sockets.error();
    auto waiting = send_orders(sockets->first.get(), request, descriptors);
    if (!waiting) return waiting.error();
    const Endowment endowment{.socket = sockets->second.get(),
                              .output = STDERR_FILENO,
                              .errors = STDERR_FILENO,
                              .lifeline = (*host)->lifeline.get(),
                              .lifeline_holder = (*host)->lifeline_holder.get(),
                              .host = (*host)->host,
                              .open_files = (*host)->open_files,
                              .oom_score = (*host)->worker_oom_score};
    auto process = spawn(program, endowment);
    if (!process) return process.error();
    auto errand = std::make_unique<SentOut>(std::move(*process), std::move(sockets->first), std::move(*waiting),
                                            std::move(on_end));
    if (const auto watched = errand->watch(loop, deadline); !watched) return watched.error();
    return std::unique_ptr<Errand>(std::move(errand));
}

}  // namespace poolhost::process
