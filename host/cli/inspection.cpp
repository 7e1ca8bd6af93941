// SPDX-License-Identifier: Apache-2.0
#include "cli/inspection.hpp"

#include "config/units.hpp"
#include "pool/event.hpp"
#include "pool/output_lines.hpp"
#include "process/exit_watch.hpp"
#include "process/starter.hpp"

#include <algorithm>

#include <signal.h>

namespace poolhost::cli {
namespace {

/// The process while it runs.
class Inspection {
public:
    Inspection(boost::asio::io_context& loop, process::Newborn newborn)
        : process_(std::move(newborn.process)),
          output_(loop, std::move(newborn.output), [this](std::string_view line) { take(line); }),
          errors_(loop, std::move(newborn.errors), [](std::string_view) {}),
          limit_(loop, [this] { late_ = true; }) {}
    Inspection(const Inspection&) = delete;
    Inspection& operator=(const Inspection&) = delete;
    ~Inspection() { end(); }

    base::Result<void> watch(boost::asio::io_context& loop) {
        auto watch = process::ExitWatch::start(loop, process_, [this] { ended_ = true; });
        if (!watch) return watch.error();
        watch_.emplace(std::move(*watch));
        limit_.arm_after(inspection_limit);
        return {};
    }

    [[nodiscard]] bool over() const { return ended_ || late_; }

    /// Errors name the plugin.
    base::Result<LoadedPlugin> result(const std::filesystem::path& plugin) {
        const process::ExitStatus status = end();
        const auto failed = [&](const std::string& how) { return base::Error{plugin.string() + ": " + how}; };
        if (late_) return failed("loading it did not end within " + config::to_text(inspection_limit));
        if (!ended_) return failed("loading it was interrupted");
        if (status == process::ExitStatus{}) return parse_inspection(table_);
        const std::string words = last_words();
        if (status.signal == 0 && !words.empty()) return base::Error{words};
        return failed("the process that loaded it ended: " + text(status) +
                      (words.empty() ? "" : "; it said: " + words));
    }

private:
    // The table may come in pieces, after whatever else the plugin prints.
    void take(std::string_view line) {
        if (line.starts_with("{\"name\":")) table_.clear();
        table_ += line;
    }

    process::ExitStatus end() {
        if (!process_.reaped()) process_.kill_group(SIGKILL);
        const process::ExitStatus status = process_.reap();
        output_.finish();
        errors_.finish();
        return status;
    }

    [[nodiscard]] std::string last_words() const {
        std::string words;
        for (const std::string& line : errors_.last_lines()) words += (words.empty() ? "" : "; ") + line;
        return words;
    }

    process::Process process_;
    std::string table_;
    pool::OutputLines output_;
    pool::OutputLines errors_;
    pool::Timer limit_;
    std::optional<process::ExitWatch> watch_;
    bool ended_ = false;
    bool late_ = false;
};

base::Result<process::Newborn> start(const std::filesystem::path& worker_program, const std::filesystem::path& plugin) {
    base::Result<process::Newborn> born = base::Error{"no process was started"};
    const auto starter = process::make_spawn_starter({worker_program, {"inspect", plugin.string()}, {}});
    starter->start([&born](base::Result<process::Newborn> newborn) { born = std::move(newborn); });
    return born;
}

void compare(std::vector<std::string>& found, const std::string& what, const std::string& in_manifest,
             const std::string& in_code) {
    if (in_manifest == in_code) return;
    found.push_back(what + " is " + (in_manifest.empty() ? "none" : in_manifest) + " in its manifest, " +
                    (in_code.empty() ? "none" : in_code) + " in its code");
}

void compare_tasks(std::vector<std::string>& found, const catalog::TaskManifest& task, const LoadedTask& loaded) {
    const auto timeout_text = [](std::chrono::nanoseconds timeout) {
        return timeout.count() == 0 ? std::string() : std::to_string(timeout.count()) + " ns";
    };
    const auto words = [](bool idempotent) { return std::string(idempotent ? "yes" : "no"); };
    const auto none = std::chrono::nanoseconds(0);
    compare(found, "idempotent of task '" + task.name + "'", words(task.idempotent), words(loaded.idempotent));
    compare(found, "the timeout of task '" + task.name + "'", timeout_text(task.timeout.value_or(none)),
            timeout_text(loaded.timeout));
}

}  // namespace

base::Result<LoadedPlugin> load_apart(PrivateHost& host, const std::filesystem::path& worker_program,
                                      const std::filesystem::path& plugin, const std::function<bool()>& stop) {
    auto newborn = start(worker_program, plugin);
    if (!newborn) return newborn.error();
    Inspection inspection(host.loop(), std::move(*newborn));
    if (auto watching = inspection.watch(host.loop()); !watching) return watching.error();
    host.run_until([&] { return inspection.over() || stop(); });
    return inspection.result(plugin);
}

std::vector<std::string> differences(const catalog::Manifest& manifest, const LoadedPlugin& loaded) {
    std::vector<std::string> found;
    compare(found, "the name", manifest.name, loaded.name);
    compare(found, "the version", manifest.version, loaded.version);
    compare(found, "the ABI", manifest.abi, loaded.abi);
    compare(found, "whether it may be forked", manifest.not_fork_safe.empty() ? "yes" : "no",
            loaded.fork_safe ? "yes" : "no");
    for (const catalog::TaskManifest& task : manifest.tasks) {
        const auto same = std::ranges::find(loaded.tasks, task.name, &LoadedTask::name);
        if (same == loaded.tasks.end()) {
            found.push_back("task '" + task.name + "' is in its manifest, but not in its code");
        } else {
            compare_tasks(found, task, *same);
        }
    }
    for (const LoadedTask& task : loaded.tasks) {
        if (manifest.find_task(task.name) == nullptr) {
            found.push_back("task '" + task.name + "' is in its code, but not in its manifest");
        }
    }
    return found;
}

}  // namespace poolhost::cli
