// SPDX-License-Identifier: Apache-2.0
// The program poolhost: from the words of its command line to the command, and back to an exit code.
#pragma once

#include "cli/wiring.hpp"

namespace poolhost::cli {

/// As main() is called; returns its result. The only thread of the process.
int run(int argc, char** argv, const Wiring& wiring);

}  // namespace poolhost::cli
