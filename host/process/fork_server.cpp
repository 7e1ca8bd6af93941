// SPDX-License-Identifier: Apache-2.0
#include "process/fork_server.hpp"

#include "base/shared_memory.hpp"
#include "process/fork_server_words.hpp"
#include "process/forked_child.hpp"
#include "process/step_guard.hpp"
#include "process/threads.hpp"

#include <cerrno>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

constexpr int failed_exit_code = 1;
constexpr int protocol_exit_code = 76;  // EX_PROTOCOL of sysexits.h

using Description = std::vector<std::byte>;

base::Result<Description> read_description(int memory) {
    const auto size = base::sealed_size(memory);
    if (!size) return size.error();
    Description description(*size);
    for (std::size_t done = 0; done < description.size();) {
        const auto count =
            ::pread(memory, description.data() + done, description.size() - done, static_cast<off_t>(done));
        if (count <= 0) return base::system_error("cannot read the template's description");
        done += static_cast<std::size_t>(count);
    }
    return description;
}

base::Result<Description> receive_description(int host) {
    auto hearing = hear(host, base::Blocking::yes);
    if (!hearing) return hearing.error();
    const auto& heard = hearing->heard;
    if (!heard || heard->word != Word::describe || heard->descriptors.size() != 1) {
        return base::Error{"the host did not describe the template"};
    }
    return read_description(heard->descriptors.front().get());
}

base::Result<void> prepare(const ForkServerRole& role, std::span<const std::byte> description) {
    try {
        return role.prepare(description);
    } catch (const std::exception& error) {
        return base::Error{std::string("preparing the fork server threw an exception: ") + error.what()};
    }
}

base::Result<void> become_template(int host, const ForkServerRole& role) {
    const auto description = receive_description(host);
    if (!description) return description.error();
    {
        const StepGuard guard({.step = role.step, .before = "poolhost: ", .errors = STDERR_FILENO, .to_host = host});
        if (auto prepared = prepare(role, *description); !prepared) return prepared;
    }
    return require_single_thread("the prepared fork server cannot fork");
}

/// One birth: forks twice, since a worker whose parent ends is given to the host, the subreaper above both.
class Delivery {
public:
    Delivery(const WorkerEntry& worker, pid_t host, const std::vector<base::UniqueFd>& given)
        : worker_(worker),
          endowment_{.socket = given.at(0).get(),
                     .output = given.at(1).get(),
                     .errors = given.at(2).get(),
                     .lifeline = lifeline_number,
                     .host = host} {}

    base::Result<void> run() {
        if (auto single = require_single_thread("the fork server cannot fork"); !single) return single;
        auto go = base::make_pipe();
        if (!go) return go.error();
        go_ = std::move(*go);
        flush_before_fork();
        const pid_t middle = ::fork();
        if (middle < 0) return base::system_error("the fork server cannot fork");
        if (middle == 0) live_as_middle();
        while (::waitpid(middle, nullptr, 0) < 0 && errno == EINTR) {
        }
        // Only now is the host its parent, and a death signal asked for before would have come from the middle.
        const char byte = 0;
        if (::write(go_.second.get(), &byte, 1) != 1) return base::system_error("the fork server lost a worker");
        return {};
    }

private:
    [[noreturn]] void live_as_middle() {
        const pid_t worker = ::fork();
        if (worker == 0) live();
        if (worker < 0) {
            const auto error = base::system_error("the fork server cannot fork");
            (void)say(endowment_.socket, Word::failure, error.message, {}, base::Blocking::no);
        }
        ::_exit(0);
    }
    [[noreturn]] void live() {
        go_.second.reset();
        char byte = 0;
        if (::read(go_.first.get(), &byte, 1) != 1) ::_exit(birth_failed_exit_code);
        base::UniqueFd socket = be_set_up(endowment_);
        if (!introduce(socket.get())) ::_exit(birth_failed_exit_code);
        live_as_worker(worker_, std::move(socket));
    }
    // Waiting for the answer means that no worker can end before the host holds it.
    static bool introduce(int socket) {
        const auto sent = say(socket, Word::hello, base::Blocking::yes);
        if (!sent || *sent != base::SendOutcome::sent) return false;
        const auto answer = hear(socket, base::Blocking::yes);
        return answer && answer->heard && answer->heard->word == Word::welcome;
    }

    const WorkerEntry& worker_;
    Endowment endowment_;
    base::FdPair go_;
};

void deliver(const ForkServerRole& role, pid_t host, const Heard& request) {
    const auto outcome = Delivery(role.worker, host, request.descriptors).run();
    if (outcome) return;
    const int birth = request.descriptors.front().get();
    (void)say(birth, Word::failure, outcome.error().message, {}, base::Blocking::no);
}

}  // namespace

int serve_forks(base::UniqueFd socket, const ForkServerRole& role) {
    const pid_t host = ::getppid();
    if (const auto ready = become_template(socket.get(), role); !ready) {
        (void)say(socket.get(), Word::failure, ready.error().message, {}, base::Blocking::yes);
        return failed_exit_code;
    }
    (void)say(socket.get(), Word::ready, base::Blocking::yes);
    for (;;) {
        const auto hearing = hear(socket.get(), base::Blocking::yes);
        if (!hearing) return protocol_exit_code;
        if (!hearing->heard) return 0;
        if (hearing->heard->word != Word::fork || hearing->heard->descriptors.size() != 3) return protocol_exit_code;
        deliver(role, host, *hearing->heard);
    }
}

}  // namespace poolhost::process
