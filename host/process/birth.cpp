// SPDX-License-Identifier: Apache-2.0
#include "process/birth.hpp"

#include <utility>

namespace poolhost::process {

base::Result<Connections> make_connections() {
    auto socket = base::make_socket_pair();
    if (!socket) return socket.error();
    auto output = base::make_pipe();
    if (!output) return output.error();
    auto errors = base::make_pipe();
    if (!errors) return errors.error();
    return Connections{.host_socket = std::move(socket->first),
                       .host_output = std::move(output->first),
                       .host_errors = std::move(errors->first),
                       .child_socket = std::move(socket->second),
                       .child_output = std::move(output->second),
                       .child_errors = std::move(errors->second)};
}

Endowment endow(const Connections& connections, const Supervision& supervision) {
    return {.socket = connections.child_socket.get(),
            .output = connections.child_output.get(),
            .errors = connections.child_errors.get(),
            .lifeline = supervision.lifeline.get(),
            .lifeline_holder = supervision.lifeline_holder.get(),
            .host = supervision.host,
            .open_files = supervision.open_files,
            .oom_score = supervision.worker_oom_score};
}

void close_child_ends(Connections& connections) {
    connections.child_socket.reset();
    connections.child_output.reset();
    connections.child_errors.reset();
}

Newborn newborn(Process process, Connections connections) {
    return {std::move(process), std::move(connections.host_socket), std::move(connections.host_output),
            std::move(connections.host_errors)};
}

}  // namespace poolhost::process
