// SPDX-License-Identifier: Apache-2.0
// What happens in every child between its fork and its own code, the same for all three start methods.
#pragma once

#include <optional>

#include <sys/resource.h>
#include <sys/types.h>

namespace poolhost::process {

/// Descriptors by the numbers under which the child inherited them.
struct Endowment {
    int socket = -1;
    int output = -1;
    int errors = -1;
    int lifeline = -1;                      // some reading end of the host's lifeline
    int lifeline_holder = -1;               // the host's writing end where the child inherited it; closed first
    pid_t host = -1;                        // who has to be the parent by now
    std::optional<rlim_t> open_files = {};  // soft limit to restore
    std::optional<int> oom_score = {};      // /proc/self/oom_score_adj to have; as the parent's where none is given
};

enum class OtherDescriptors { close, close_on_exec };

struct SetUp {
    const char* failed_step = nullptr;  // nothing where all went well; else errno says why
    int errors = -1;                    // where the child's standard error is by now
};

/// Makes the calling process, a fresh fork, what every worker and fork server is: leader of its own process group, dead
/// when the host is, /dev/null as standard input, the given output, errors and socket, the lifeline, and no other
/// descriptor; default dispositions, nothing blocked, the given limit, and the kernel's preferred victim when memory
/// runs out. Allocates nothing and calls only what is safe after a fork.
SetUp set_up_child(const Endowment& endowment, OtherDescriptors others) noexcept;

/// Says which step failed, and errno, on standard error or what is to become it, and ends the process.
[[noreturn]] void die_at_birth(const SetUp& failure) noexcept;

}  // namespace poolhost::process
