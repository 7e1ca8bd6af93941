// SPDX-License-Identifier: Apache-2.0
#include "process/exit_watch.hpp"

#include "process/pidfd.hpp"
#include "process/readiness.hpp"

#include <string>
#include <utility>

namespace poolhost::process {

struct ExitWatch::State {
    base::UniqueFd pidfd;
    Readiness readiness;  // before the pidfd is closed it lets go of it
};

base::Result<ExitWatch> ExitWatch::start(boost::asio::io_context& loop, const Process& process,
                                         std::function<void()> on_exit) {
    // Its own, since the loop makes it non-blocking, and since it may outlive the process.
    base::UniqueFd pidfd(::pidfd_open(process.pid(), 0));
    if (!pidfd) return base::system_error("cannot watch process " + std::to_string(process.pid()));
    auto readiness = Readiness::watch(loop, pidfd.get(), [call = std::move(on_exit)] {
        call();
        return Next::stop;
    });
    if (!readiness) return readiness.error();
    return ExitWatch(std::make_unique<State>(State{std::move(pidfd), std::move(*readiness)}));
}

ExitWatch::ExitWatch(std::unique_ptr<State> state) : state_(std::move(state)) {}
ExitWatch::ExitWatch(ExitWatch&&) noexcept = default;
ExitWatch& ExitWatch::operator=(ExitWatch&&) noexcept = default;
ExitWatch::~ExitWatch() = default;

}  // namespace poolhost::process
