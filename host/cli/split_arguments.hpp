// SPDX-License-Identifier: Apache-2.0
// Parts the options of `call` and `map` from TASK and its ARGs, which may look like options: -7, -Infinity.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::cli {

/// An option by its names, "--json" or "-j".
struct KnownOption {
    std::string name;
    bool takes_value = false;
};

struct SplitArguments {
    std::vector<std::string> options;  // as they came, for the parser of options
    std::optional<std::string> task;
    std::vector<std::string> args;
};

/// Options may stand anywhere before `--`, and begin with a dash. Before TASK everything that begins with one is an
/// option; behind it, what begins with a single dash and is no known option is an ARG, and so is a lone "-".
SplitArguments split_arguments(std::span<const std::string> words, std::span<const KnownOption> known);

}  // namespace poolhost::cli
