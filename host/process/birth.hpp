// SPDX-License-Identifier: Apache-2.0
// The socket and the pipes between the host and a worker that is about to be born.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"
#include "process/child_setup.hpp"
#include "process/starter.hpp"
#include "process/supervision.hpp"

namespace poolhost::process {

/// Both sides of what connects a worker; the child's ends are closed here once the child has them.
struct Connections {
    base::UniqueFd host_socket, host_output, host_errors;
    base::UniqueFd child_socket, child_output, child_errors;
};

base::Result<Connections> make_connections();

/// For a child that is forked from this very process.
Endowment endow(const Connections& connections, const Supervision& supervision);

/// The child has them.
void close_child_ends(Connections& connections);

/// The host's ends with the worker; closes the child's.
Newborn newborn(Process process, Connections connections);

}  // namespace poolhost::process
