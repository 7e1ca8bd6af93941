// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.hpp"

namespace poolhost::cli {
namespace {

struct CodeOf {
    ExitCode operator()(const wire::TaskError&) const { return ExitCode::failed; }
    ExitCode operator()(const wire::BadArguments&) const { return ExitCode::usage; }
    ExitCode operator()(const wire::UnknownTask&) const { return ExitCode::usage; }
    ExitCode operator()(const wire::UnknownPool&) const { return ExitCode::usage; }
    ExitCode operator()(const wire::WorkerLost&) const { return ExitCode::failed; }
    ExitCode operator()(const wire::TimedOut&) const { return ExitCode::failed; }
    ExitCode operator()(const wire::Cancelled&) const { return ExitCode::failed; }
    ExitCode operator()(const wire::QueueFull&) const { return ExitCode::failed; }
    ExitCode operator()(const wire::PoolUnavailable&) const { return ExitCode::no_host; }
    ExitCode operator()(const wire::Quarantined&) const { return ExitCode::failed; }
    ExitCode operator()(const wire::HostLost&) const { return ExitCode::no_host; }
    ExitCode operator()(const wire::ShuttingDown&) const { return ExitCode::no_host; }
    ExitCode operator()(const wire::TooLarge&) const { return ExitCode::failed; }
    ExitCode operator()(const wire::ProtocolError&) const { return ExitCode::failed; }
};

}  // namespace

ExitCode exit_code_of(const wire::CallError& error) { return std::visit(CodeOf{}, error.details); }

}  // namespace poolhost::cli
