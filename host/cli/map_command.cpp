// SPDX-License-Identifier: Apache-2.0
#include "cli/map_command.hpp"

#include "cli/failure_text.hpp"
#include "cli/host_choice.hpp"
#include "cli/map_display.hpp"
#include "cli/map_results_file.hpp"
#include "cli/map_run.hpp"
#include "cli/print.hpp"

#include <unistd.h>
#include <memory>

namespace poolhost::cli {

using base::Error;
using base::Result;

namespace {

/// What stops a map before its first item; one line each.
struct Refusal {
    ExitCode code = ExitCode::usage;
    std::vector<std::string> lines;
};
template <class T>
using Prepared = boost::system::result<T, Refusal>;

Refusal refusal(const Error& error, ExitCode code) { return {code, {error.message}}; }
Refusal refusal(const wire::CallError& error) { return {exit_code_of(error), failure_text(error)}; }

/// Everything that is known before a process is started.
struct Preparation {
    const PlannedPool* pool = nullptr;
    ItemForm form;
    ResultsFile results;  // its descriptor is empty where the lines go to standard output
    std::unique_ptr<ResultFiles> files;
};

Prepared<ItemForm> item_form(const MapOptions& options, const catalog::Signature& signature, base::Bytes most) {
    ItemForm form;
    if (options.starmap) {
        form.encoding = wire::Encoding::json;
        return form;
    }
    form.encoding = signature.takes_text(0) ? wire::Encoding::text_item : wire::Encoding::json_item;
    const bool plain = options.args.empty() || (options.args.size() == 1 && options.args.front() == "{}");
    if (plain) return form;
    auto templates = Arguments::compile(options.args, signature, most, Placeholders::replaced);
    if (!templates) return Refusal{ExitCode::usage, failure_text(templates.error())};
    form.templates = std::move(*templates);
    return form;
}

OutMode out_mode(const MapOptions& options) {
    if (options.retry_failed) return OutMode::retry_failed;
    return options.resume ? OutMode::resume : OutMode::anew;
}

Prepared<Preparation> prepare(const MapOptions& options, const Plan& plan) {
    const auto pool = choose_pool(plan, options.task, options.pool);
    if (!pool) return refusal(pool.error());
    const auto task = find_task(**pool, options.task);
    if (!task) return refusal(task.error());
    const catalog::Signature& signature = (*task)->signature;
    if (auto checked = check_map_options(options, signature); !checked)
        return refusal(checked.error(), ExitCode::usage);
    Preparation ready;
    ready.pool = *pool;
    auto form = item_form(options, signature, plan.config.max_payload);
    if (!form) return form.error();
    ready.form = std::move(*form);
    if (options.out) {
        auto results = open_results_file(*options.out, out_mode(options));
        if (!results) return refusal(results.error(), ExitCode::usage);
        ready.results = std::move(*results);
    }
    if (options.output) ready.files = std::make_unique<ResultFiles>(Template(*options.output));
    return ready;
}

ProgressStyle progress_style(const MapOptions& options) {
    switch (options.progress) {
        case ProgressMode::bar:
            return ProgressStyle::bar;
        case ProgressMode::lines:
            return ProgressStyle::lines;
        case ProgressMode::none:
            return ProgressStyle::none;
        case ProgressMode::automatic:
            break;
    }
    // Lines that run through the same terminal are progress enough.
    const bool lines_on_terminal = !options.out && ::isatty(STDOUT_FILENO) == 1;
    return ::isatty(STDERR_FILENO) == 1 && !lines_on_terminal ? ProgressStyle::bar : ProgressStyle::none;
}

MapRules rules_of(const MapOptions& options) {
    MapRules rules;
    rules.order = options.unordered ? Order::as_finished : Order::as_input;
    rules.style = options.json || options.unordered || options.out ? LineStyle::indexed : LineStyle::plain;
    rules.on_failure = options.fail_fast ? OnFailure::stop : OnFailure::go_on;
    rules.timeout = options.timeout;
    rules.deadline = options.deadline;
    rules.known_total = options.total;
    return rules;
}

/// One `poolhost map`, from the first process to the last word.
class MapCommand {
public:
    MapCommand(const MapOptions& options, const Plan& plan, Preparation preparation)
        : options_(&options),
          plan_(&plan),
          preparation_(std::move(preparation)),
          earlier_failures_(preparation_.results.earlier.failures()),
          messages_(log_, plan.config.log) {}

    ExitCode run(const Wiring& wiring) {
        auto host = PrivateHost::create(wiring, [this](int) { interrupt(); });
        if (!host) return refuse(refusal(host.error(), ExitCode::no_host));
        host_ = std::move(*host);
        flusher_.emplace(host_->loop(), log_);
        const auto begun = begin();
        if (begun) {
            host_->run_until([this] { return run_->ended().has_value(); });
            run_->write_rest();
        }
        if (display_) display_->finish();
        const bool orderly = begun && run_->ended() == MapEnd::complete;
        host_->stop(orderly ? pool::Pool::Stop::drain : pool::Pool::Stop::at_once, plan_->config.drain_timeout);
        flusher_.reset();
        if (!begun) return refuse(begun.error());
        report();
        return exit_code();
    }

private:
    Prepared<void> begin() {
        display_.emplace(MapDisplay::Parts{host_->loop(), progress_style(*options_), STDERR_FILENO, log_, messages_});
        const auto pool = host_->start_pool(*preparation_.pool, *display_, plan_->config);
        if (!pool) return refusal(pool.error(), ExitCode::no_host);
        if (auto made = make_run(**pool); !made) return made;
        display_->start([this] { return run_->progress(); });
        run_->turn();
        return {};
    }

    Prepared<void> make_run(pool::Pool& pool) {
        boost::asio::io_context& loop = host_->loop();
        const auto task = pool.resolve(options_->task);
        if (!task) return refusal(task.error());
        auto input = InputStream::open(loop, STDIN_FILENO, [this] { run_->input_ready(); });
        if (!input) return refusal(input.error(), ExitCode::usage);
        const int out = options_->out ? preparation_.results.fd.get() : STDOUT_FILENO;
        auto output = OutputStream::open(loop, out, [this] { run_->turn(); });
        if (!output) return refusal(output.error(), ExitCode::usage);
        FeedParts feed{std::move(*input),
                       options_->null_separated ? '\0' : '\n',
                       std::move(preparation_.form),
                       preparation_.files.get(),
                       std::move(preparation_.results.earlier),
                       {pool.buffers(), plan_->config.max_payload}};
        run_.emplace(MapRun::Parts{loop, pool, *task, rules_of(*options_), preparation_.files.get()},
                     MapFeed(std::move(feed)), LineOutput(std::move(*output)));
        if (interrupted_) run_->interrupt();
        return {};
    }

    void interrupt() {
        interrupted_ = true;
        if (run_) run_->interrupt();
    }

    ExitCode refuse(const Refusal& why) {
        log_.finish();
        complain(why.lines);
        return why.code;
    }

    void report() {
        const MapCounts& counts = run_->counts();
        if (!run_->fault().empty()) messages_.say(run_->fault());
        const bool plain_success = run_->ended() == MapEnd::complete && counts.failed == 0 && earlier_failures_ == 0;
        if (run_->ended() == MapEnd::reader_gone) return;
        if (plain_success && progress_style(*options_) == ProgressStyle::none) return;
        std::string text = summary_text(counts.done, counts.failed, base::Clock::now() - started_);
        if (earlier_failures_ > 0) text += ", " + std::to_string(earlier_failures_) + " failed in an earlier run";
        if (run_->ended() == MapEnd::interrupted) text += ", interrupted";
        if (run_->ended() == MapEnd::failed_fast) text += ", stopped at the first failure";
        messages_.say(text);
    }

    [[nodiscard]] ExitCode exit_code() const {
        switch (*run_->ended()) {
            case MapEnd::complete:
                return run_->counts().failed + earlier_failures_ == 0 ? ExitCode::success : ExitCode::failed;
            case MapEnd::failed_fast:
            case MapEnd::output_failed:
                return ExitCode::failed;
            case MapEnd::interrupted:
                return ExitCode::interrupted;
            case MapEnd::reader_gone:
                return ExitCode::output_gone;
            case MapEnd::pool_unavailable:
                return ExitCode::no_host;
            case MapEnd::input_failed:
                return ExitCode::usage;
        }
        return ExitCode::failed;
    }

    const MapOptions* options_;
    const Plan* plan_;
    Preparation preparation_;
    std::uint64_t earlier_failures_;
    base::TimePoint started_ = base::Clock::now();
    base::Log log_{STDERR_FILENO};
    WorkerLog messages_;
    std::unique_ptr<PrivateHost> host_;  // its pools end within run(), its loop after what waits on it
    std::optional<LogFlusher> flusher_;
    std::optional<MapDisplay> display_;
    std::optional<MapRun> run_;
    bool interrupted_ = false;
};

}  // namespace

ExitCode run_map(const MapOptions& options, const Plan& plan, const Wiring& wiring) {
    auto preparation = prepare(options, plan);
    if (!preparation) {
        complain(preparation.error().lines);
        return preparation.error().code;
    }
    return MapCommand(options, plan, std::move(*preparation)).run(wiring);
}

}  // namespace poolhost::cli
