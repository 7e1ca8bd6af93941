// SPDX-License-Identifier: Apache-2.0
#include "process/forked_child.hpp"

#include <cstdio>
#include <iostream>
#include <utility>

#include <fcntl.h>

namespace poolhost::process {

void flush_before_fork() {
    std::cout.flush();
    std::clog.flush();
    std::fflush(nullptr);
}

base::UniqueFd be_set_up(const Endowment& endowment) {
    const SetUp outcome = set_up_child(endowment, OtherDescriptors::close);
    if (outcome.failed_step) die_at_birth(outcome);
    auto socket = take_birth_socket();
    if (!socket) die_at_birth({"keeping its descriptors", outcome.errors});
    return std::move(*socket);
}

void live_as_fork(const Endowment& endowment, const WorkerEntry& entry) { live_as_worker(entry, be_set_up(endowment)); }

}  // namespace poolhost::process
