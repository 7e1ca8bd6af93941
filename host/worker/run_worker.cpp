// SPDX-License-Identifier: Apache-2.0
#include "worker/run_worker.hpp"

#include "channel/channel.hpp"
#include "wire/encoder.hpp"
#include "worker/bounded_error.hpp"
#include "worker/log_queue.hpp"
#include "worker/session.hpp"
#include "worker/stack_recorder.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace poolhost::worker {
namespace {

constexpr std::size_t longest_cause = 32 * 1024;
// Loaded tasks that one record tells of; their names are bounded.
constexpr std::size_t tasks_a_record = 32;

int fail_to_start(Outbox& outbox, const std::string& cause) {
    log_queue().flush();
    const wire::StartFailed failure{std::string(cut_text(cause, longest_cause))};
    outbox.send(wire::RecordKind::start_failed, wire::encode(failure));
    outbox.ring();
    return start_failed_exit_code;
}

void tell_ready(Outbox& outbox, const wire::Ready& ready) {
    std::span<const wire::LoadedTask> rest = ready.tasks;
    do {
        const auto part = rest.first(std::min(rest.size(), tasks_a_record));
        rest = rest.subspan(part.size());
        outbox.send(wire::RecordKind::ready, wire::encode(wire::Ready{{part.begin(), part.end()}, !rest.empty()}));
    } while (!rest.empty());
    outbox.ring();
}

int serve(channel::Channel& channel, Outbox& outbox, Template& prepared, const wire::WorkerDescription& description) {
    if (auto born = prepared.become_worker(description); !born) return fail_to_start(outbox, born.error().message);
    tell_ready(outbox, prepared.tasks().describe());
    Session(channel, outbox, prepared, description).serve();
    prepared.stop();
    log_queue().flush();
    outbox.ring();
    return 0;
}

}  // namespace

int run_worker(base::UniqueFd socket, Template& prepared) {
    // What a task prints is to be seen while it runs, and to be there when it crashes.
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    auto accepted = channel::Channel::accept(std::move(socket));
    if (!accepted) {
        std::fprintf(stderr, "poolhost: a worker cannot start: %s\n", accepted.error().message.c_str());
        return start_failed_exit_code;
    }
    const StackRecorder recorder(accepted->channel);
    Outbox outbox(accepted->channel);
    log_queue().attach(outbox);
    const auto description = wire::decode<wire::WorkerDescription>(accepted->description);
    const int code = description ? serve(accepted->channel, outbox, prepared, *description)
                                 : fail_to_start(outbox,
                                                 "the host's description cannot be read by this worker; are "
                                                 "both of one version?");
    log_queue().detach();
    return code;
}

}  // namespace poolhost::worker
