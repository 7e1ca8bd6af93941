// SPDX-License-Identifier: Apache-2.0
#include "cli/start_methods.hpp"

#include "base/start_method.hpp"
#include "cli/print.hpp"

namespace poolhost::cli {

std::string start_methods_text() {
    std::string text;
    for (const base::StartMethod method : base::all_start_methods) {
        text += name_of(method);
        text += method == base::default_start_method ? " (default)\n" : "\n";
    }
    return text;
}

ExitCode run_start_methods() { return print(start_methods_text()); }

}  // namespace poolhost::cli
