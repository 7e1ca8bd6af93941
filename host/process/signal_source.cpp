// SPDX-License-Identifier: Apache-2.0
#include "process/signal_source.hpp"

#include "base/fd.hpp"
#include "process/process.hpp"
#include "process/readiness.hpp"

#include <array>
#include <utility>

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

// One at a time: after the call for one signal there may be no source left for the next.
Next take_one(int fd, const std::function<void(int)>& on_signal) {
    signalfd_siginfo signal{};
    if (::read(fd, &signal, sizeof signal) == sizeof signal) on_signal(static_cast<int>(signal.ssi_signo));
    return Next::wait_again;
}

}  // namespace

struct SignalSource::State {
    base::UniqueFd fd;
    Readiness readiness;
};

base::Result<SignalSource> SignalSource::start(boost::asio::io_context& loop, std::span<const int> signals,
                                               std::function<void(int)> on_signal) {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : signals) ::sigaddset(&set, signal);
    if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return base::system_error("cannot block signals");
    base::UniqueFd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) return base::system_error("cannot read signals");
    auto readiness = Readiness::watch(
        loop, fd.get(), [number = fd.get(), call = std::move(on_signal)] { return take_one(number, call); });
    if (!readiness) return readiness.error();
    return SignalSource(std::make_unique<State>(State{std::move(fd), std::move(*readiness)}));
}

SignalSource::SignalSource(std::unique_ptr<State> state) : state_(std::move(state)) {}
SignalSource::SignalSource(SignalSource&&) noexcept = default;
SignalSource& SignalSource::operator=(SignalSource&&) noexcept = default;
SignalSource::~SignalSource() = default;

base::Result<SignalSource> reap_orphans_on(boost::asio::io_context& loop) {
    reap_orphans();  // those that ended before anybody looked
    return SignalSource::start(loop, std::array{SIGCHLD}, [](int) { reap_orphans(); });
}

}  // namespace poolhost::process
