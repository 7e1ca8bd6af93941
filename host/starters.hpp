// SPDX-License-Identifier: Apache-2.0
// Which starter a pool gets: where the host side and the worker side are wired together.
#pragma once

#include "cli/private_host.hpp"

namespace poolhost {

/// Starters that run `worker_program` for spawn and forkserver, and this very process for fork.
cli::StarterFactory make_starters(std::filesystem::path worker_program);

}  // namespace poolhost
