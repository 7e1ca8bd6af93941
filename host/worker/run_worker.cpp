// SPDX-License-Identifier: Apache-2.0
#include "worker/run_worker.hpp"

#include "channel/channel.hpp"
#include "wire/encoder.hpp"
#include "worker/bounded_error.hpp"
#include "worker/log_queue.hpp"
#include "worker/session.hpp"
#include "worker/stack_recorder.hpp"

#include <cstdio>
#include <utility>

namespace poolhost::worker {
namespace {

constexpr std::size_t longest_cause = 32 * 1024;
constexpr std::size_t largest_message = channel::max_record - 64;

int fail_to_start(Outbox& outbox, const std::string& cause) {
    log_queue().flush();
    const wire::StartFailed failure{std::string(cut_text(cause, longest_cause))};
    outbox.send(wire::RecordKind::start_failed, wire::encode(failure));
    outbox.ring();
    return start_failed_exit_code;
}

int serve(channel::Channel& channel, Outbox& outbox, Template& prepared, const wire::WorkerDescription& description) {
    if (auto born = prepared.become_worker(description); !born) return fail_to_start(outbox, born.error().message);
    const auto ready = wire::encode(prepared.tasks().describe());
    if (ready.size() > largest_message) return fail_to_start(outbox, "the plugins of this pool have too many tasks");
    outbox.send(wire::RecordKind::ready, ready);
    outbox.ring();
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
