// SPDX-License-Identifier: Apache-2.0
#include "cli/call.hpp"

#include "cli/arguments.hpp"
#include "cli/failure_text.hpp"
#include "cli/host_choice.hpp"
#include "cli/map_result_files.hpp"
#include "cli/outcome_json.hpp"
#include "cli/print.hpp"
#include "cli/result_bytes.hpp"
#include "cli/worker_log.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolhost::cli {
namespace {

/// The call as far as it can be prepared without a process.
struct Prepared {
    PlannedPool pool;
    Arguments arguments;
    std::optional<pool::Arguments> all_at_once;
    wire::ResultEncoding encoding = wire::ResultEncoding::json;
};

CallResult<wire::ResultEncoding> result_encoding(const CallOptions& options, const catalog::Signature& signature) {
    if (!options.output) return wire::ResultEncoding::json;
    const catalog::Kind kind = signature.result.required().kind;
    if (kind == catalog::Kind::Bytes || kind == catalog::Kind::String || kind == catalog::Kind::Value) {
        return wire::ResultEncoding::messagepack;
    }
    return wire::CallError{
        "--output writes bytes or text, but " + options.task + " returns " + to_string(signature.result),
        wire::BadArguments{}};
}

CallResult<Prepared> prepare(const CallOptions& options, const Plan& plan) {
    const auto pool = choose_pool(plan, options.task, options.pool);
    if (!pool) return pool.error();
    const auto task = find_task(**pool, options.task);
    if (!task) return task.error();
    const auto encoding = result_encoding(options, (*task)->signature);
    if (!encoding) return encoding.error();
    Prepared prepared{**pool, {}, {}, *encoding};
    if (options.json_args) {
        auto arguments = arguments_from_json(*options.json_args);
        if (!arguments) return arguments.error();
        prepared.all_at_once = std::move(*arguments);
    } else {
        auto arguments =
            Arguments::compile(options.args, (*task)->signature, plan.config.max_payload, Placeholders::none);
        if (!arguments) return arguments.error();
        prepared.arguments = std::move(*arguments);
    }
    // One call needs one worker.
    prepared.pool.config.processes.min = prepared.pool.config.processes.max = 1;
    return prepared;
}

ExitCode report_refusal(const CallOptions& options, const wire::CallError& error) {
    if (!options.json) {
        complain(failure_text(error));
        return exit_code_of(error);
    }
    const ExitCode printed = print(refusal_json(options.task, error) + "\n");
    return printed == ExitCode::success ? exit_code_of(error) : printed;
}

// What is no file of its own kind is written to as it is: a device, a pipe.
bool is_special(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

base::Result<void> append_to_special(const std::string& path, std::span<const std::byte> bytes) {
    std::FILE* const file = std::fopen(path.c_str(), "we");
    if (file == nullptr) return base::system_error("cannot write " + path);
    const bool complete = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    if (std::fclose(file) == 0 && complete) return {};
    return base::system_error("cannot write " + path);
}

/// Takes the one outcome, and says it once no worker is left.
class Receiver final : public pool::OutcomeSink {
public:
    explicit Receiver(const CallOptions& options) : options_(&options) {}

    [[nodiscard]] bool received() const { return received_; }

    void on_outcome(pool::Outcome outcome) override {
        received_ = true;
        if (outcome.error != nullptr) return take_failure(outcome);
        if (options_->output) return take_bytes(outcome);
        output_ = options_->json ? outcome_json(outcome) : text_of(outcome.value);
        output_ += '\n';
    }

    ExitCode report() const {
        complain(errors_);
        const ExitCode printed = print(output_);
        return printed == ExitCode::success ? code_ : printed;
    }

private:
    static std::string text_of(std::span<const std::byte> bytes) {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    void take_failure(const pool::Outcome& outcome) {
        code_ = exit_code_of(*outcome.error);
        if (options_->json) {
            output_ = outcome_json(outcome) + "\n";
        } else {
            errors_ = failure_text(*outcome.error);
        }
    }

    void take_bytes(const pool::Outcome& outcome) {
        const auto bytes = result_bytes(outcome);
        const auto written = bytes ? write(*bytes) : base::Result<void>(bytes.error());
        if (!written) {
            code_ = ExitCode::failed;
            errors_.push_back(written.error().message);
        } else if (options_->json) {
            output_ = outcome_json(outcome, file_json(*options_->output)) + "\n";
        }
    }

    base::Result<void> write(std::span<const std::byte> bytes) {
        const std::string& path = *options_->output;
        if (path == "-") {
            code_ = print(bytes);
            return {};
        }
        return is_special(path) ? append_to_special(path, bytes) : write_result_file(path, bytes);
    }

    const CallOptions* options_;
    bool received_ = false;
    ExitCode code_ = ExitCode::success;
    std::string output_;
    std::vector<std::string> errors_;
};

// Once no worker is left, nothing has to be cleaned up any more.
void let_signals_end_this_process() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&signals, signal);
    ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

/// One call in a host that lives for it.
class CallCommand {
public:
    CallCommand(const CallOptions& options, const Plan& plan, Prepared prepared)
        : options_(&options),
          plan_(&plan),
          prepared_(std::move(prepared)),
          log_(STDERR_FILENO),
          worker_log_(log_, plan.config.log),
          receiver_(options) {}

    ExitCode run(const Wiring& wiring) {
        auto host = PrivateHost::create(wiring, [this](int) { interrupted_ = true; });
        if (!host) return report_refusal(*options_, unavailable(host.error()));
        std::optional<LogFlusher> flusher(std::in_place, (*host)->loop(), log_);
        const auto submitted = submit(**host);
        if (submitted) (*host)->run_until([this] { return receiver_.received() || interrupted_; });
        const bool orderly = submitted && receiver_.received();
        (*host)->stop(orderly ? pool::Pool::Stop::drain : pool::Pool::Stop::at_once, plan_->config.drain_timeout);
        flusher.reset();
        host->reset();
        log_.finish();
        let_signals_end_this_process();
        if (!submitted) return report_refusal(*options_, submitted.error());
        return orderly ? receiver_.report() : ExitCode::interrupted;
    }

private:
    static wire::CallError unavailable(const base::Error& error) {
        return {"no worker can be started: " + error.message, wire::PoolUnavailable{error.message}};
    }

    CallResult<void> submit(PrivateHost& host) {
        const auto started = host.start_pool(prepared_.pool, worker_log_, plan_->config);
        if (!started) return unavailable(started.error());
        pool::Pool& pool = **started;
        const auto task = pool.resolve(options_->task);
        if (!task) return task.error();
        auto arguments = take_arguments(pool);
        if (!arguments) return arguments.error();
        pool::CallRequest request;
        request.task = *task;
        request.arguments = std::move(*arguments);
        request.result_encoding = prepared_.encoding;
        request.timeout = options_->timeout;
        if (options_->deadline) request.deadline = base::Clock::now() + *options_->deadline;
        pool.submit(std::move(request), receiver_, 0);
        return {};
    }

    CallResult<pool::Arguments> take_arguments(pool::Pool& pool) {
        if (prepared_.all_at_once) return std::move(*prepared_.all_at_once);
        return prepared_.arguments.make({}, {pool.buffers(), plan_->config.max_payload});
    }

    const CallOptions* options_;
    const Plan* plan_;
    Prepared prepared_;
    base::Log log_;
    WorkerLog worker_log_;
    Receiver receiver_;
    bool interrupted_ = false;
};

}  // namespace

ExitCode run_call(const CallOptions& options, const Plan& plan, const Wiring& wiring) {
    auto prepared = prepare(options, plan);
    if (!prepared) return report_refusal(options, prepared.error());
    return CallCommand(options, plan, std::move(*prepared)).run(wiring);
}

}  // namespace poolhost::cli
