// SPDX-License-Identifier: Apache-2.0
#include "worker/built_in.hpp"

#include "worker/worker_facts.hpp"

#include <poolhost/sdk.hpp>

namespace poolhost::worker {
namespace {

std::string start_method(context& ctx) { return std::string(ctx.start_method()); }

std::string ping() { return "pong"; }

value echo(value anything) { return anything; }

value worker_info(context& ctx) {
    value::map facts{{"pool", value(ctx.pool_name())},
                     {"index", value(ctx.worker_index())},
                     {"start_method", value(ctx.start_method())}};
    for (auto& fact : worker_facts()) facts.push_back(std::move(fact));
    return facts;
}

constexpr auto definition = detail::define_plugin(
    "poolhost", POOLHOST_SDK_VERSION, "What every pool can do.",
    task("start_method", start_method).doc("How the worker was started: spawn, fork or forkserver.").idempotent(),
    task("ping", ping).doc("Answers \"pong\".").idempotent(),
    task("echo", echo, "value").doc("Answers what it was given.").idempotent(),
    task("worker_info", worker_info).doc("What a worker knows of itself as a process.").idempotent());

}  // namespace

const poolhost_plugin_table_v1& built_in_plugin() { return detail::plugin_table<definition>::table; }

}  // namespace poolhost::worker
