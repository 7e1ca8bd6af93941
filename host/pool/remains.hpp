// SPDX-License-Identifier: Apache-2.0
// What a call leaves to be looked at when its worker died under it, or when it does not end.
#pragma once

#include "catalog/catalog.hpp"
#include "channel/shared_buffer.hpp"
#include "config/host_config.hpp"
#include "config/pool_config.hpp"
#include "pool/call.hpp"
#include "wire/aftermath.hpp"

#include <optional>
#include <string>
#include <vector>

namespace poolhost::pool {

/// `buffers` holds the memory that `request.input` names. `why_no_stack` is told where the request has no stack.
struct Remains {
    wire::AftermathRequest request;
    std::vector<channel::BufferRef> buffers;
    std::string why_no_stack;
};

/// A call that failed, and where.
struct FailedCall {
    const Call& call;
    const std::string& task;
    const std::string& plugin_build;
    std::int32_t worker_index;
    const wire::CallError& error;  // worker_lost or timeout
    const config::PoolConfig& pool;
    const catalog::Catalog& catalog;
};

/// Without stack and capsule folder.
Remains remains_of(const FailedCall& failed);
/// The capsule in which such a call is kept.
wire::Capsule capsule_of(const FailedCall& failed);
/// By which key of `capsules.on` it is kept; nothing for other errors than worker_lost and timeout.
std::optional<config::CapsuleCause> capsule_cause(const wire::CallError& error);

/// The error, with what was found out about it.
wire::CallError with_findings(wire::CallError error, const wire::Findings& findings);

/// The input as the aftermath is told of it; the contents of its buffers go beside.
wire::CallInput input_of(const Arguments& arguments);

/// Findings of nothing but the reason why there is no stack.
wire::Findings without_stack(std::string why);

}  // namespace poolhost::pool
