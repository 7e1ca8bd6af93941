// SPDX-License-Identifier: Apache-2.0
// `poolhost start-methods`: what start_method and --start-method may say here.
#pragma once

#include "cli/exit_code.hpp"

#include <string>

namespace poolhost::cli {

/// One a line, the default marked: the first word of each line is the name.
std::string start_methods_text();

ExitCode run_start_methods();

}  // namespace poolhost::cli
