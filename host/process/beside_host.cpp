// SPDX-License-Identifier: Apache-2.0
#include "process/beside_host.hpp"

#include "process/spawn.hpp"
#include "process/supervision.hpp"

#include <utility>

#include <unistd.h>

namespace poolhost::process {

base::Result<BesideHost> spawn_beside_host(const Program& program) {
    const auto host = supervision();
    if (!host) return host.error();
    auto sockets = base::make_socket_pair();
    if (!sockets) return sockets.error();
    const Endowment endowment{.socket = sockets->second.get(),
                              .output = STDOUT_FILENO,
                              .errors = STDERR_FILENO,
                              .lifeline = (*host)->lifeline.get(),
                              .lifeline_holder = (*host)->lifeline_holder.get(),
                              .host = (*host)->host,
                              .open_files = (*host)->open_files};
    auto process = spawn(program, endowment);
    if (!process) return process.error();
    return BesideHost{std::move(*process), std::move(sockets->first)};
}

}  // namespace poolhost::process
