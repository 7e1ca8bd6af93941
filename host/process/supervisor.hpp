// SPDX-License-Identifier: Apache-2.0
// Makes this process one that may start workers: it adopts orphans, blocks signals and holds the workers' lifeline.
#pragma once

#include "base/error.hpp"

namespace poolhost::process {

/// Call it once, early, from the only thread (an error otherwise, which names the threads). From then on:
/// - this process is the child subreaper of everything below it (see reap_orphans);
/// - every signal is blocked, except those that a faulting instruction raises; read them with SignalSource;
/// - the soft limit of open files is the hard one (children get the former one back);
/// - workers and fork servers die with it, however it ends.
/// A second call changes nothing.
base::Result<void> become_supervisor();

}  // namespace poolhost::process
