// SPDX-License-Identifier: Apache-2.0
#include "pool/remains.hpp"

#include "base/build.hpp"
#include "pool/describe_worker.hpp"

#include <chrono>

namespace poolhost::pool {
namespace {

using config::CapsuleCause;

CapsuleCause cause_of(wire::LossCause cause) {
    switch (cause) {
        case wire::LossCause::crash:
            return CapsuleCause::crash;
        case wire::LossCause::oom:
            return CapsuleCause::oom;
        case wire::LossCause::limit:
            return CapsuleCause::limit;
        case wire::LossCause::killed:
            return CapsuleCause::killed;
        case wire::LossCause::exit:
            break;
    }
    return CapsuleCause::exit;
}

struct AddFindings {
    const wire::Findings& findings;

    void operator()(wire::WorkerLost& lost) const { add_to(lost); }
    void operator()(wire::TimedOut& timed_out) const { add_to(timed_out); }
    void operator()(const auto&) const {}

    void add_to(auto& details) const {
        details.capsule = findings.capsule;
        details.stack = findings.stack;
        if (!findings.stack.empty()) {
            details.stack_missing.clear();
        } else if (!findings.stack_missing.empty()) {
            details.stack_missing = findings.stack_missing;
        }
    }
};

}  // namespace

std::optional<CapsuleCause> capsule_cause(const wire::CallError& error) {
    if (std::holds_alternative<wire::TimedOut>(error.details)) return CapsuleCause::timeout;
    const auto* const lost = std::get_if<wire::WorkerLost>(&error.details);
    return lost != nullptr ? std::optional(cause_of(lost->cause)) : std::nullopt;
}

Remains remains_of(const FailedCall& failed) {
    Remains remains;
    remains.request.plugins = describe_plugins(failed.pool, failed.catalog);
    remains.request.input = input_of(failed.call.request.arguments);
    remains.buffers = failed.call.request.arguments.buffers;
    return remains;
}

wire::Capsule capsule_of(const FailedCall& failed) {
    const Call& call = failed.call;
    wire::Capsule capsule;
    capsule.poolhost_version = base::version;
    capsule.written_unix_ns = std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
    capsule.call_id = std::to_string(static_cast<std::uint64_t>(call.id()));
    capsule.task = failed.task;
    capsule.plugin_build = failed.plugin_build;
    capsule.attempt = call.attempt;
    capsule.timeout_ns = call.limit.count();
    capsule.worker = describe_worker(failed.pool, failed.catalog, failed.worker_index);
    capsule.message = failed.error.message;
    const auto* const lost = std::get_if<wire::WorkerLost>(&failed.error.details);
    capsule.cause = lost != nullptr ? wire::cause_name(lost->cause) : "timeout";
    if (lost == nullptr) return capsule;
    capsule.signal = lost->signal;
    capsule.exit_code = lost->exit_code;
    capsule.stack_missing = lost->stack_missing;
    capsule.errors = lost->errors;
    return capsule;
}

wire::CallError with_findings(wire::CallError error, const wire::Findings& findings) {
    std::visit(AddFindings{findings}, error.details);
    return error;
}

wire::CallInput input_of(const Arguments& arguments) {
    wire::CallInput input;
    input.encoding = arguments.encoding;
    input.place = arguments.place;
    if (!arguments.place) {
        const std::span<const std::byte> bytes = arguments.slice.bytes;
        input.bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    for (const channel::BufferRef& buffer : arguments.buffers) input.buffers.push_back(buffer->id());
    return input;
}

wire::Findings without_stack(std::string why) {
    wire::Findings findings;
    findings.stack_missing = std::move(why);
    return findings;
}

}  // namespace poolhost::pool
