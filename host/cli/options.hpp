// SPDX-License-Identifier: Apache-2.0
// The command lines of all commands, read into what each command wants to know.
#pragma once

#include "cli/call.hpp"
#include "cli/check.hpp"
#include "cli/host_choice.hpp"
#include "cli/inspect.hpp"
#include "cli/map_options.hpp"
#include "cli/new_project.hpp"
#include "cli/replay.hpp"

#include <boost/system/result.hpp>

#include <span>
#include <string>
#include <vector>

namespace poolhost::cli {

/// The command ends before it began: help was asked for (then `code` is success), or something is wrong.
struct Ended {
    ExitCode code = ExitCode::usage;
    std::string text;  // for standard output if `code` is success, else what is wrong
};

template <class T>
using Parsed = boost::system::result<T, Ended>;

/// Words behind the command's name.
using Words = std::span<const std::string>;

template <class Options>
struct OnHost {
    HostChoice host;
    Options options;
};

Parsed<OnHost<CallOptions>> parse_call(Words words);
Parsed<OnHost<MapOptions>> parse_map(Words words);
Parsed<CheckOptions> parse_check(Words words);
Parsed<InspectOptions> parse_inspect(Words words);
Parsed<NewOptions> parse_new(Words words);
Parsed<ReplayOptions> parse_replay(Words words);
Parsed<void> parse_start_methods(Words words);

}  // namespace poolhost::cli
