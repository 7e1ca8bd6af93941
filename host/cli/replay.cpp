// SPDX-License-Identifier: Apache-2.0
#include "cli/replay.hpp"

#include "capsule/capsule_file.hpp"
#include "cli/capsule_view.hpp"
#include "cli/failure_text.hpp"
#include "cli/outcome_json.hpp"
#include "cli/print.hpp"
#include "cli/private_host.hpp"
#include "cli/replay_arguments.hpp"
#include "cli/replay_gdb.hpp"
#include "cli/replay_plan.hpp"
#include "cli/worker_log.hpp"

#include <signal.h>
#include <unistd.h>

namespace poolhost::cli {
namespace {

ExitCode refuse(const std::string& why, ExitCode code = ExitCode::usage) {
    complain(why);
    return code;
}

ExitCode look(const ReplayOptions& options, const capsule::Contents& contents) {
    if (options.extract) {
        if (const auto done = extract_capsule(contents, *options.extract); !done) return refuse(done.error().message);
    }
    return options.show ? print(capsule_json(contents) + "\n") : ExitCode::success;
}

/// The one call, in a host that lives for it.
class Replay final : public pool::OutcomeSink {
public:
    Replay(const capsule::Contents& contents, const ReplayPlan& plan)
        : contents_(&contents), plan_(&plan), log_(STDERR_FILENO), worker_log_(log_, config_.log) {
        config_.capsules.max = 0;  // there is one already
    }

    ExitCode run(const Wiring& wiring) {
        auto host = PrivateHost::create(wiring, [this](int) { interrupted_ = true; });
        if (!host) return refuse(host.error().message, ExitCode::no_host);
        std::optional<LogFlusher> flusher(std::in_place, (*host)->loop(), log_);
        const auto submitted = submit(**host);
        if (submitted) (*host)->run_until([this] { return received_ || interrupted_; });
        (*host)->stop(received_ ? pool::Pool::Stop::drain : pool::Pool::Stop::at_once, config_.drain_timeout);
        flusher.reset();
        host->reset();
        log_.finish();
        if (!submitted) return refuse(submitted.error().message, ExitCode::no_host);
        return received_ ? report() : ExitCode::interrupted;
    }

    void on_outcome(pool::Outcome outcome) override {
        received_ = true;
        if (outcome.error != nullptr) {
            failure_ = failure_text(*outcome.error);
            code_ = exit_code_of(*outcome.error);
        } else {
            value_.assign(reinterpret_cast<const char*>(outcome.value.data()), outcome.value.size());
        }
    }

private:
    base::Result<void> submit(PrivateHost& host) {
        const auto started = host.start_pool(plan_->pool, worker_log_, config_);
        if (!started) return started.error();
        pool::Pool& pool = **started;
        const auto task = pool.resolve(contents_->capsule.task);
        if (!task) return base::Error{task.error().message};
        auto arguments = rebuild_arguments(*contents_, pool.buffers());
        if (!arguments) return arguments.error();
        pool::CallRequest request;
        request.task = *task;
        request.arguments = std::move(*arguments);
        pool.submit(std::move(request), *this, 0);
        return {};
    }

    ExitCode report() const {
        if (!failure_.empty()) {
            complain(failure_);
            return code_;
        }
        complain("it succeeded this time; the capsule says: " + json_string(contents_->capsule.message));
        return print(value_ + "\n");
    }

    const capsule::Contents* contents_;
    const ReplayPlan* plan_;
    config::HostConfig config_;
    base::Log log_;
    WorkerLog worker_log_;
    bool received_ = false;
    bool interrupted_ = false;
    ExitCode code_ = ExitCode::success;
    std::string value_;
    std::vector<std::string> failure_;
};

}  // namespace

ExitCode run_replay(const ReplayOptions& options, const Wiring& wiring) {
    const auto contents = capsule::read(options.capsule);
    if (!contents) return refuse(contents.error().message);
    if (options.mode == ReplayMode::look) return look(options, *contents);
    const auto plan = plan_replay(contents->capsule, options.plugin);
    if (!plan) return refuse(plan.error().message);
    for (const std::string& note : plan->notes) complain(note);
    if (options.mode == ReplayMode::gdb) return run_under_gdb(*contents, *plan, wiring);
    return Replay(*contents, *plan).run(wiring);
}

}  // namespace poolhost::cli
