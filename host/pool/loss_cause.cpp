// SPDX-License-Identifier: Apache-2.0
#include "pool/loss_cause.hpp"

#include <signal.h>

namespace poolhost::pool {
namespace {

// What follows an allocation that failed: a null pointer used, an exception that nobody caught, an allocator's own
// trap.
bool may_follow_a_failed_allocation(int signal) {
    return signal == SIGSEGV || signal == SIGABRT || signal == SIGILL || signal == SIGTRAP;
}

bool near_memory_limit(const LossEvidence& evidence) {
    if (!evidence.memory_limit) return false;
    const std::uint64_t limit = evidence.memory_limit->count;
    return evidence.data_size.count >= limit - limit / 8;
}

}  // namespace

wire::LossCause loss_cause(const LossEvidence& evidence) {
    const int signal = evidence.status.signal;
    if (may_follow_a_failed_allocation(signal) && near_memory_limit(evidence)) return wire::LossCause::limit;
    switch (signal) {
        case 0:
            return wire::LossCause::exit;
        case SIGKILL:
            return evidence.oom_kill ? wire::LossCause::oom : wire::LossCause::killed;
        case SIGTERM:
        case SIGINT:
        case SIGQUIT:
        case SIGHUP:
            return wire::LossCause::killed;
        case SIGXCPU:
        case SIGXFSZ:
            return wire::LossCause::limit;
        default:
            return wire::LossCause::crash;
    }
}

}  // namespace poolhost::pool
