// SPDX-License-Identifier: Apache-2.0
#include "cli/replay_gdb.hpp"

#include "base/shared_memory.hpp"
#include "cli/print.hpp"
#include "cli/replay_arguments.hpp"
#include "cli/replay_call.hpp"
#include "pool/describe_worker.hpp"
#include "process/beside_host.hpp"
#include "process/exit_watch.hpp"
#include "process/readiness.hpp"
#include "wire/encoder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include <signal.h>
#include <termios.h>
#include <unistd.h>

namespace poolhost::cli {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> find_in_path(std::string_view program) {
    const char* const folders = std::getenv("PATH");
    std::string_view rest = folders != nullptr ? folders : "/usr/bin:/bin";
    while (!rest.empty()) {
        const auto colon = std::min(rest.find(':'), rest.size());
        const fs::path file = fs::path(rest.substr(0, colon)) / program;
        if (::access(file.c_str(), X_OK) == 0) return file;
        rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
    return std::nullopt;
}

base::Result<std::vector<std::byte>> read_standard_input() {
    std::vector<std::byte> all;
    std::array<std::byte, 4096> space{};
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, space.data(), space.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return base::system_error("cannot read gdb's commands from standard input");
        if (got == 0) return all;
        all.insert(all.end(), space.begin(), space.begin() + got);
    }
}

/// The terminal, which belongs to the debugger while this lives.
class LentTerminal {
public:
    explicit LentTerminal(pid_t debugger) : lent_(::tcgetattr(STDIN_FILENO, &settings_) == 0) {
        if (lent_) ::tcsetpgrp(STDIN_FILENO, debugger);
    }
    LentTerminal(const LentTerminal&) = delete;
    LentTerminal& operator=(const LentTerminal&) = delete;
    // Every signal is blocked here, also the one that stops who changes a terminal from the background.
    ~LentTerminal() {
        if (!lent_) return;
        ::tcsetpgrp(STDIN_FILENO, ::getpgrp());
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &settings_);
    }

private:
    termios settings_{};
    bool lent_;
};

/// How gdb is told what to run: by its command line.
std::vector<std::string> gdb_arguments(const ReplayPlan& plan, const fs::path& worker_program) {
    std::vector<std::string> words{"-q"};
    const auto command = [&words](std::string text) {
        words.emplace_back("-ex");
        words.push_back(std::move(text));
    };
    command("set confirm off");
    command("set startup-with-shell off");
    // Not gdb's own environment: what it preloads is for the worker.
    for (const auto& [name, value] : pool::common_environment(plan.pool.config)) {
        if (value.find('\n') == std::string::npos) command("set environment " + name + " = " + value);
    }
    command("run");
    words.insert(words.end(), {"--args", worker_program.string(), "worker"});
    return words;
}

// Standard input of a child is nothing; a shell gives it the terminal back.
process::Program at_terminal(const fs::path& gdb, std::vector<std::string> arguments) {
    std::vector<std::string> words{"-c", R"(exec "$@" </dev/tty)", "sh", gdb.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return {"/bin/sh", std::move(words), {}};
}

process::Program with_commands(const fs::path& gdb, std::vector<std::string> arguments, int commands) {
    const std::string file = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(commands);
    arguments.insert(arguments.begin(), {"-nx", "-batch"});
    arguments.insert(std::ranges::find(arguments, "--args"), {"-x", file});
    return {gdb, std::move(arguments), {}};
}

/// gdb, the worker in it, and the one call.
class Session {
public:
    Session(const capsule::Contents& contents, const ReplayPlan& plan, PrivateHost& host)
        : contents_(&contents), plan_(&plan), host_(&host) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() {
        if (process_.pid() <= 0 || process_.reaped()) return;
        process_.kill_group(SIGKILL);
        process_.reap();
    }

    base::Result<void> start(const process::Program& program) {
        auto started = process::spawn_beside_host(program);
        if (!started) return started.error();
        process_ = std::move(started->process);
        auto watch = process::ExitWatch::start(host_->loop(), process_, [this] { ended_ = true; });
        if (!watch) return watch.error();
        watch_.emplace(std::move(*watch));
        auto call = ReplayCall::begin(*contents_, description(), std::move(started->socket));
        if (!call) return call.error();
        call_ = std::move(*call);
        auto readiness = process::Readiness::watch(host_->loop(), call_->socket(), [this] {
            if (call_->look() == ReplayCall::Going::on) return process::Next::wait_again;
            return process::Next::stop;
        });
        if (!readiness) return readiness.error();
        readiness_.emplace(std::move(*readiness));
        return {};
    }

    /// Until gdb has ended, or `interrupted` says so.
    void run(const bool& interrupted) {
        const LentTerminal terminal(process_.pid());
        process_.kill_group(SIGCONT);  // it was stopped if it read before the terminal was its own
        host_->run_until([&] { return ended_ || interrupted; });
    }

    [[nodiscard]] ExitCode report() const { return call_->report(); }

private:
    [[nodiscard]] std::vector<std::byte> description() const {
        auto description = pool::describe_worker(plan_->pool.config, *plan_->pool.catalog, 0);
        description.worker_index = std::max(contents_->capsule.worker.worker_index, 0);
        description.start_method = "spawn";
        description.limits.core.reset();  // without a core there is no debugger either
        return wire::encode(description);
    }

    const capsule::Contents* contents_;
    const ReplayPlan* plan_;
    PrivateHost* host_;
    process::Process process_;
    std::unique_ptr<ReplayCall> call_;
    std::optional<process::ExitWatch> watch_;
    std::optional<process::Readiness> readiness_;
    bool ended_ = false;
};

ExitCode refuse(const std::string& why, ExitCode code) {
    complain(why);
    return code;
}

ExitCode run(Session& session, const process::Program& program, const bool& interrupted) {
    if (const auto started = session.start(program); !started)
        return refuse(started.error().message, ExitCode::no_host);
    session.run(interrupted);
    return interrupted ? ExitCode::interrupted : session.report();
}

}  // namespace

ExitCode run_under_gdb(const capsule::Contents& contents, const ReplayPlan& plan, const Wiring& wiring) {
    const auto gdb = find_in_path("gdb");
    if (!gdb) return refuse("there is no gdb in PATH; install the package gdb", ExitCode::usage);
    const bool has_terminal = ::isatty(STDIN_FILENO) == 1;
    const auto commands =
        has_terminal ? base::Result<std::vector<std::byte>>(std::vector<std::byte>()) : read_standard_input();
    if (!commands) return refuse(commands.error().message, ExitCode::usage);
    const auto memory = base::make_sealed_copy("gdb-commands", *commands);
    if (!memory) return refuse(memory.error().message, ExitCode::no_host);
    bool interrupted = false;
    const auto host = PrivateHost::create(wiring, [&interrupted](int) { interrupted = true; });
    if (!host) return refuse(host.error().message, ExitCode::no_host);
    auto arguments = gdb_arguments(plan, wiring.worker_program);
    const process::Program program = has_terminal ? at_terminal(*gdb, std::move(arguments))
                                                  : with_commands(*gdb, std::move(arguments), memory->get());
    ExitCode code = ExitCode::success;
    {
        Session session(contents, plan, **host);
        code = run(session, program, interrupted);
    }
    (*host)->stop(pool::Pool::Stop::at_once, base::Duration(0));
    return code;
}

}  // namespace poolhost::cli
