// SPDX-License-Identifier: Apache-2.0
// What a supervising process hands down to its children, for this room's own use.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"

#include <sys/resource.h>
#include <sys/types.h>

namespace poolhost::process {

struct Supervision {
    pid_t host = -1;
    base::UniqueFd lifeline;         // reading end; children open their own description of it
    base::UniqueFd lifeline_holder;  // the only writing end there is
    rlim_t open_files = 0;           // the soft limit before it was raised
    int worker_oom_score = 0;        // when memory runs out, the kernel shall take workers before their host
};

/// Nothing but an error before become_supervisor(), and in forked children of the one who called it.
base::Result<const Supervision*> supervision();

}  // namespace poolhost::process
