// SPDX-License-Identifier: Apache-2.0
#include "wire/call_error.hpp"

#include "base/error.hpp"

namespace poolhost::wire {
namespace {

struct KindName {
    const char* operator()(const TaskError&) const { return "task_error"; }
    const char* operator()(const BadArguments&) const { return "bad_arguments"; }
    const char* operator()(const UnknownTask&) const { return "unknown_task"; }
    const char* operator()(const UnknownPool&) const { return "unknown_pool"; }
    const char* operator()(const WorkerLost&) const { return "worker_lost"; }
    const char* operator()(const TimedOut&) const { return "timeout"; }
    const char* operator()(const Cancelled&) const { return "cancelled"; }
    const char* operator()(const QueueFull&) const { return "queue_full"; }
    const char* operator()(const PoolUnavailable&) const { return "pool_unavailable"; }
    const char* operator()(const Quarantined&) const { return "quarantined"; }
    const char* operator()(const HostLost&) const { return "host_lost"; }
    const char* operator()(const ShuttingDown&) const { return "shutting_down"; }
    const char* operator()(const TooLarge&) const { return "too_large"; }
    const char* operator()(const ProtocolError&) const { return "protocol"; }
};

}  // namespace

const char* kind_name(const ErrorDetails& details) { return std::visit(KindName{}, details); }

const char* cause_name(LossCause cause) {
    switch (cause) {
        case LossCause::crash:
            return "crash";
        case LossCause::oom:
            return "oom";
        case LossCause::limit:
            return "limit";
        case LossCause::killed:
            return "killed";
        case LossCause::exit:
            return "exit";
    }
    base::bug("a loss cause without a name");
}

}  // namespace poolhost::wire
