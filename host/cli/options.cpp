// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include "base/nearest.hpp"
#include "cli/option_values.hpp"
#include "cli/split_arguments.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <limits>

namespace poolhost::cli {
namespace {

constexpr std::uint64_t most_workers = 4096;

Ended usage(std::string what) { return {ExitCode::usage, std::move(what)}; }

/// The usage line as this program writes it; CLI11 knows nothing of TASK and ARG.
class UsageFormatter final : public CLI::Formatter {
public:
    explicit UsageFormatter(std::string usage) : usage_(std::move(usage)) {}
    std::string make_usage(const CLI::App*, std::string) const override { return "Usage: poolhost " + usage_ + "\n"; }

private:
    std::string usage_;
};

/// What CLI11 is asked to do: options alone, and the help.
class Parser {
public:
    Parser(std::string command, const std::string& arguments, const std::string& description, const std::string& footer)
        : command_(std::move(command)), app_(description) {
        app_.formatter(std::make_shared<UsageFormatter>(command_ + " " + arguments));
        app_.get_formatter()->column_width(34);
        app_.footer("\n" + footer);
        app_.set_help_flag("-h,--help", "Print this and end");
    }

    void text(const std::string& names, std::optional<std::string>& value, const std::string& placeholder,
              const std::string& what) {
        app_.add_option_function<std::string>(
                names, [&value](const std::string& given) { value = given; }, what)
            ->type_name(placeholder);
    }
    void texts(const std::string& names, std::vector<std::string>& values, const std::string& placeholder,
               const std::string& what) {
        app_.add_option(names, values, what)->type_name(placeholder)->allow_extra_args(false);
    }
    void flag(const std::string& names, bool& value, const std::string& what) { app_.add_flag(names, value, what); }

    [[nodiscard]] std::vector<KnownOption> known() const {
        std::vector<KnownOption> all;
        for (const CLI::Option* const option : app_.get_options()) {
            const bool takes_value = option->get_items_expected_max() > 0;
            for (const std::string& name : option->get_lnames()) all.push_back({"--" + name, takes_value});
            for (const std::string& name : option->get_snames()) all.push_back({"-" + name, takes_value});
        }
        return all;
    }

    /// TASK and ARGs, or whatever else is no option.
    Parsed<SplitArguments> parse(Words words) {
        SplitArguments split = split_arguments(words, known());
        try {
            app_.parse(std::vector<std::string>(split.options.rbegin(), split.options.rend()));
            return split;
        } catch (const CLI::CallForHelp&) {
            return Ended{ExitCode::success, app_.help()};
        } catch (const CLI::ExtrasError&) {
            return unknown_option();
        } catch (const CLI::ParseError& error) {
            return wrong(error.what());
        }
    }

    [[nodiscard]] Ended wrong(const std::string& what) const {
        return usage(command_ + ": " + what + " (see poolhost " + command_ + " --help)");
    }

private:
    [[nodiscard]] Ended unknown_option() const {
        const std::vector<std::string> extras = app_.remaining(true);
        const std::string given = extras.empty() ? "" : extras.front().substr(0, extras.front().find('='));
        std::vector<std::string> names;
        for (const KnownOption& option : known()) names.push_back(option.name);
        const auto nearest = base::nearest_name(given, names);
        return wrong("there is no option " + given + (nearest ? "; did you mean " + *nearest + "?" : ""));
    }

    std::string command_;
    CLI::App app_;
};

/// The options of call and map that say where and how long, still as text.
struct SharedTexts {
    std::optional<std::string> config;
    std::vector<std::string> plugins;
    std::optional<std::string> processes;
    std::optional<std::string> method;
    std::optional<std::string> connect;
    std::optional<std::string> pool;
    std::optional<std::string> timeout;
    std::optional<std::string> deadline;
};

void declare(Parser& parser, SharedTexts& texts) {
    parser.text("--config", texts.config, "CONFIG", "Run the pools of this configuration for this command");
    parser.texts("--plugin", texts.plugins, "FILE", "Run this plugin without a configuration; may be repeated");
    parser.text("-j", texts.processes, "N", "With --plugin: so many workers (default: the usable CPUs)");
    parser.text("--start-method", texts.method, "M", "With --plugin: spawn, fork or forkserver (default)");
    parser.text("--connect", texts.connect, "ADDRESS", "A serving host; this version has none yet");
    parser.text("--pool", texts.pool, "NAME", "The pool to use (default: the first that offers TASK)");
    parser.text("--timeout", texts.timeout, "D", "Running time of an attempt, such as 500ms or 30s");
    parser.text("--deadline", texts.deadline, "D", "Time from submission to the outcome");
}

/// The first thing that is wrong among several values.
class Values {
public:
    template <class T, class Target>
    void take(base::Result<T> value, Target& target) {
        if (value) {
            target = static_cast<std::remove_reference_t<decltype(*value)>>(*value);
        } else if (!error_) {
            error_ = value.error().message;
        }
    }
    [[nodiscard]] const std::optional<std::string>& error() const { return error_; }

private:
    std::optional<std::string> error_;
};

template <class Options>
void take_shared(const SharedTexts& texts, OnHost<Options>& line, Values& values) {
    if (texts.config) line.host.config = *texts.config;
    line.host.plugins = texts.plugins;
    line.host.connect = texts.connect;
    line.options.pool = texts.pool;
    std::uint64_t processes = 0;
    if (texts.processes) values.take(count_value("-j", *texts.processes, most_workers), processes);
    if (processes > 0) line.host.processes = static_cast<std::uint32_t>(processes);
    if (texts.method) values.take(start_method_value("--start-method", *texts.method), line.host.method);
    if (texts.timeout) values.take(duration_value("--timeout", *texts.timeout), line.options.timeout);
    if (texts.deadline) values.take(duration_value("--deadline", *texts.deadline), line.options.deadline);
}

template <class Options>
std::optional<std::string> take_task(SplitArguments split, Options& options) {
    if (!split.task) return "TASK is missing: a name such as math.square (see poolhost inspect PLUGIN)";
    options.task = std::move(*split.task);
    options.args = std::move(split.args);
    return std::nullopt;
}

constexpr const char* call_help =
    R"(Each ARG is what the task's signature wants: for a string the text as it stands, else JSON.
@FILE is a file's bytes, @- standard input's, and @@ begins a text with an @.
Everything behind -- is an ARG.

Exit status: 0 success, 1 the task failed, 2 wrong usage, configuration or arguments, 3 no worker can be started,
130 interrupted, 141 the reader of the output went away.

Examples:
  poolhost call math.square 7 --plugin ./libmath.so
  poolhost call math.mean '[1, 2, 3.5]' --config pools.yaml
  poolhost call image.thumbnail @photo.jpg 256 --config pools.yaml --output small.jpg
  poolhost call math.divide --args '{"dividend": 7, "divisor": 2}' --plugin math --json
)";

}  // namespace

Parsed<OnHost<CallOptions>> parse_call(Words words) {
    Parser parser("call", "TASK [ARG...] [OPTION...]", "Runs one task and prints its result as a line of JSON.\n",
                  call_help);
    SharedTexts shared;
    OnHost<CallOptions> line;
    declare(parser, shared);
    parser.text("--args", line.options.json_args, "JSON", "All arguments at once: an array, or an object by name");
    parser.flag("--json", line.options.json, "Print the whole outcome as JSON, failures too");
    parser.text("--output", line.options.output, "FILE",
                "Write the bytes of the result to this file; - is standard output");
    auto split = parser.parse(words);
    if (!split) return split.error();
    Values values;
    take_shared(shared, line, values);
    if (values.error()) return parser.wrong(*values.error());
    if (const auto missing = take_task(std::move(*split), line.options)) return parser.wrong(*missing);
    if (line.options.json && line.options.output == "-") {
        return parser.wrong("--json and --output - both want standard output; name a file");
    }
    if (line.options.json_args && !line.options.args.empty())
        return parser.wrong("--args gives all arguments; leave the ARGs away");
    return line;
}

Parsed<OnHost<MapOptions>> parse_map(Words words) {
    Parser parser("map", "TASK [ARG...] [OPTION...]", "Runs one task over the items of the standard input.\n",
                  map_help);
    SharedTexts shared;
    OnHost<MapOptions> line;
    MapOptions& options = line.options;
    std::optional<std::string> out;
    std::optional<std::string> progress;
    std::optional<std::string> total;
    declare(parser, shared);
    parser.flag("--json", options.json, "Say on each line which item it belongs to");
    parser.flag("--null", options.null_separated, "Items end with NUL instead of a line feed");
    parser.flag("--starmap", options.starmap, "Each item is a JSON array of all arguments");
    parser.flag("--unordered", options.unordered, "Print results as they come");
    parser.flag("--fail-fast", options.fail_fast, "Stop at the first failed item");
    parser.text("--output", options.output, "TEMPLATE", "Write each result to a file of its own");
    parser.text("--out", out, "FILE", "Write the lines to this file");
    parser.flag("--resume", options.resume, "Go on where the run that wrote --out FILE stopped");
    parser.flag("--retry-failed", options.retry_failed, "Like --resume, and run the failed items again");
    parser.text("--progress", progress, "MODE", "auto, bar, lines or none");
    parser.text("--total", total, "N", "How many items will come, for the progress");
    auto split = parser.parse(words);
    if (!split) return split.error();
    Values values;
    take_shared(shared, line, values);
    if (total) values.take(count_value("--total", *total, std::numeric_limits<std::int64_t>::max()), options.total);
    if (values.error()) return parser.wrong(*values.error());
    if (out) options.out = *out;
    const auto mode = progress_mode_named(progress.value_or("auto"));
    if (!mode) return parser.wrong("--progress: there is no mode '" + *progress + "'; write auto, bar, lines or none");
    options.progress = *mode;
    if (const auto missing = take_task(std::move(*split), options)) return parser.wrong(*missing);
    return line;
}

namespace {

/// Commands that take one thing.
Parsed<std::string> parse_one(Parser& parser, Words words, const std::string& what) {
    auto split = parser.parse(words);
    if (!split) return split.error();
    if (!split->task) return parser.wrong(what + " is missing");
    if (!split->args.empty())
        return parser.wrong("one " + what + " at a time; there is '" + split->args.front() + "' too many");
    return std::move(*split->task);
}

}  // namespace

Parsed<CheckOptions> parse_check(Words words) {
    Parser parser("check", "CONFIG [--print]",
                  "Validates a configuration, loads each plugin in a disposable process, and prints what would run.\n",
                  "Every fault is reported, each as FILE:LINE:COLUMN: key: what is wrong; what would be right.\n"
                  "Exit status: 0 valid, 2 faulty.\n\nExamples:\n"
                  "  poolhost check pools.yaml\n  poolhost check pools.yaml --print > effective.yaml\n");
    bool print = false;
    parser.flag("--print", print, "Print every effective value as YAML instead");
    auto config = parse_one(parser, words, "CONFIG");
    if (!config) return config.error();
    return CheckOptions{*config, print ? CheckOutput::effective : CheckOutput::summary};
}

Parsed<InspectOptions> parse_inspect(Words words) {
    Parser parser("inspect", "PLUGIN [--json] [--load]",
                  "Prints a plugin's name, version, ABI, build id, and its tasks with signatures and docs.\n",
                  "PLUGIN is a file, or a name that is looked up in $POOLHOST_PLUGIN_PATH and the installed folder.\n"
                  "No code of the plugin runs, except with --load.\n\nExamples:\n"
                  "  poolhost inspect ./libmath.so\n  poolhost inspect math --json\n"
                  "  poolhost inspect --load ./libforeign.so\n");
    InspectOptions options;
    parser.flag("--json", options.json, "Print one line of JSON");
    parser.flag("--load", options.load, "Load it in a limited, disposable process: for plugins without a manifest");
    auto plugin = parse_one(parser, words, "PLUGIN");
    if (!plugin) return plugin.error();
    options.plugin = std::move(*plugin);
    return options;
}

Parsed<NewOptions> parse_new(Words words) {
    Parser parser("new", "NAME", "Writes a plugin project into a new folder NAME.\n",
                  "It holds a plugin with one task, its test, a configuration and a README that says how to go on.\n\n"
                  "Example:\n  poolhost new greeter\n");
    auto name = parse_one(parser, words, "NAME");
    if (!name) return name.error();
    return NewOptions{std::move(*name)};
}

Parsed<ReplayOptions> parse_replay(Words words) {
    Parser parser("replay", "CAPSULE [OPTION...]",
                  "Runs the call that a capsule keeps again, alone in a fresh worker.\n", replay_help);
    ReplayOptions options;
    std::optional<std::string> extract;
    bool gdb = false;
    parser.flag("--gdb", gdb, "Run the worker under gdb, which stops at the crash");
    parser.text("--plugin", options.plugin, "FILE", "Use this build of the task's plugin instead");
    parser.flag("--show", options.show, "Print circumstances and arguments as JSON; run nothing");
    parser.text("--extract", extract, "DIR", "Write circumstances and arguments into this new folder; run nothing");
    auto capsule = parse_one(parser, words, "CAPSULE");
    if (!capsule) return capsule.error();
    if (extract) options.extract = *extract;
    const bool looks = options.show || options.extract;
    if (looks && (gdb || options.plugin)) {
        return parser.wrong("--show and --extract run nothing; leave " + std::string(gdb ? "--gdb" : "--plugin") +
                            " away");
    }
    options.capsule = std::move(*capsule);
    if (looks) options.mode = ReplayMode::look;
    if (gdb) options.mode = ReplayMode::gdb;
    return options;
}

Parsed<void> parse_start_methods(Words words) {
    Parser parser("start-methods", "", "Prints the supported start methods, one a line, and which is the default.\n",
                  "Example:\n  poolhost start-methods\n");
    const auto split = parser.parse(words);
    if (!split) return split.error();
    if (split->task) return parser.wrong("it takes no argument; there is '" + *split->task + "'");
    return {};
}

}  // namespace poolhost::cli
