// SPDX-License-Identifier: Apache-2.0
// `poolhost map`: from its options to its exit code, with a private host for as long as it takes.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/map_options.hpp"
#include "cli/private_host.hpp"

namespace poolhost::cli {

/// Items from standard input, lines to standard output or --out, words to standard error. No process is left when it
/// returns.
ExitCode run_map(const MapOptions& options, const Plan& plan, const Wiring& wiring);

}  // namespace poolhost::cli
