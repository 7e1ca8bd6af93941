// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include "base/abi.hpp"
#include "base/build.hpp"
#include "base/nearest.hpp"
#include "cli/map_command.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"
#include "cli/start_methods.hpp"

#include <algorithm>
#include <array>

#include <signal.h>

namespace poolhost::cli {
namespace {

constexpr std::string_view help =
    R"(Runs native functions in worker processes: tasks of plugins, in pools of workers.

Usage: poolhost COMMAND [ARG...] [OPTION...]

Commands:
  call TASK [ARG...]   Run one task and print its result
  map TASK [ARG...]    Run it once for each item of the standard input
  check CONFIG         Validate a configuration and print what would run
  inspect PLUGIN       Print what a plugin offers, running none of its code
  start-methods        Print the supported start methods
  replay CAPSULE       Run the call that killed a worker again, alone
  new NAME             Write a plugin project

Options:
  -h, --help           Print this; with a command, that command's help
  --version            Print the versions of poolhost and of its plugin interface

Examples:
  poolhost call math.square 7 --plugin ./libmath.so
  seq 1000 | poolhost map math.square --config pools.yaml
  poolhost check pools.yaml
  poolhost inspect ./libmath.so
  poolhost start-methods
  poolhost new greeter
)";

ExitCode end(const Ended& ended) {
    if (ended.code == ExitCode::success) return print(ended.text);
    complain(ended.text);
    return ended.code;
}

ExitCode call(Words words, const Wiring& wiring) {
    const auto line = parse_call(words);
    if (!line) return end(line.error());
    const auto plan = make_plan(line->host);
    if (plan) return run_call(line->options, *plan, wiring);
    complain_as_written(plan.error().lines);
    return plan.error().code;
}

ExitCode map(Words words, const Wiring& wiring) {
    const auto line = parse_map(words);
    if (!line) return end(line.error());
    const auto plan = make_plan(line->host);
    if (plan) return run_map(line->options, *plan, wiring);
    complain_as_written(plan.error().lines);
    return plan.error().code;
}

ExitCode check(Words words, const Wiring& wiring) {
    const auto options = parse_check(words);
    return options ? run_check(*options, wiring) : end(options.error());
}

ExitCode inspect(Words words, const Wiring& wiring) {
    const auto options = parse_inspect(words);
    return options ? run_inspect(*options, wiring) : end(options.error());
}

ExitCode start_methods(Words words, const Wiring&) {
    const auto parsed = parse_start_methods(words);
    return parsed ? run_start_methods() : end(parsed.error());
}

ExitCode replay(Words words, const Wiring& wiring) {
    const auto options = parse_replay(words);
    return options ? run_replay(*options, wiring) : end(options.error());
}

ExitCode new_project(Words words, const Wiring&) {
    const auto options = parse_new(words);
    return options ? run_new(*options) : end(options.error());
}

struct Command {
    std::string_view name;
    ExitCode (*run)(Words words, const Wiring& wiring);
};

constexpr std::array commands{Command{"call", call},
                              Command{"map", map},
                              Command{"check", check},
                              Command{"inspect", inspect},
                              Command{"start-methods", start_methods},
                              Command{"replay", replay},
                              Command{"new", new_project}};

// Part of the contract, and of no version so far.
constexpr std::array<std::string_view, 7> later{"serve", "status", "scale", "restart", "stop", "cancel", "stack"};

ExitCode refuse_command(const std::string& name) {
    if (std::ranges::find(later, name) != later.end()) {
        complain("this version (" + std::string(base::version) + ") has no '" + name +
                 "' yet, since it has no serving host; call and map run a host of their own");
        return ExitCode::usage;
    }
    std::vector<std::string> names;
    for (const Command& command : commands) names.emplace_back(command.name);
    const auto nearest = base::nearest_name(name, names);
    complain("there is no command '" + name + "'; " +
             (nearest ? "did you mean " + *nearest + "?" : "poolhost --help lists them"));
    return ExitCode::usage;
}

ExitCode print_version() {
    return print("poolhost " + std::string(base::version) + " (plugin ABI " + std::to_string(base::host_abi.major) +
                 "." + std::to_string(base::host_abi.minor) + ")\n");
}

ExitCode dispatch(Words words, const Wiring& wiring) {
    if (words.empty()) {
        complain("what shall it do? poolhost --help lists the commands");
        return ExitCode::usage;
    }
    const std::string& first = words.front();
    if (first == "--help" || first == "-h") return print(help);
    if (first == "--version") return print_version();
    const auto command = std::ranges::find(commands, first, &Command::name);
    if (command == commands.end()) return refuse_command(first);
    return command->run(words.subspan(1), wiring);
}

}  // namespace

int run(int argc, char** argv, const Wiring& wiring) {
    // Whoever reads the output may go away at any time: write() says so, and the host below ends in order.
    ::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    return static_cast<int>(dispatch(words, wiring));
}

}  // namespace poolhost::cli
