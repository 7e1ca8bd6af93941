// SPDX-License-Identifier: Apache-2.0
// The commands that run no task: check, inspect, start-methods, and what is said of all of them.
#include "program.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace poolhost::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string config(const char* name) { return std::string(POOLHOST_CONFIG_FOLDER) + "/" + name; }

/// A configuration of one pool with one plugin, in a folder of its own.
class Check : public testing::Test {
protected:
    Ended check(const std::string& plugin_name, Args more = {}) {
        write_text(file(), "pools:\n  main:\n    plugins: [" + plugin(plugin_name) + "]\n    processes: 2\n");
        more.insert(more.begin(), {"check", file()});
        return run(more);
    }
    [[nodiscard]] std::string file() const { return (folder_ / "pools.yaml").string(); }
    Folder folder_;
};

TEST_F(Check, SaysWhatWouldRun) {
    const Ended ended = check("math");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out,
                AllOf(StartsWith(file() + ": valid\npool main: forkserver, 2 processes\n  math 1.0.0, 9 tasks"),
                      HasSubstr("start_timeout 1m")));
    EXPECT_THAT(ended.out, Not(HasSubstr("not yet in effect")));
    EXPECT_TRUE(nobody_is_left());
}

TEST_F(Check, PrintsAConfigurationThatLoadsAgain) {
    const Ended printed = check("math", {"--print"});
    EXPECT_EQ(printed.exit_code, 0) << printed.err;
    EXPECT_THAT(printed.out, HasSubstr("start_timeout: 1m"));
    write_text(folder_ / "again.yaml", printed.out);
    EXPECT_EQ(run({"check", (folder_ / "again.yaml").string(), "--print"}).out, printed.out);
}

TEST_F(Check, WhatHasNoEffectYetIsListed) {
    const Ended ended = run({"check", config("reference.yaml")});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out, AllOf(HasSubstr("not yet in effect"), HasSubstr(": listen.http\n")));
}

TEST_F(Check, APluginThatCannotBeLoadedIsAFaultAtItsPlace) {
    for (const char* name : {"missing_symbol", "load_crashes", "throws_at_load", "table_null"}) {
        const Ended ended = check(name);
        EXPECT_EQ(ended.exit_code, 2) << name;
        EXPECT_EQ(ended.out, "") << name;
        EXPECT_THAT(ended.err, AllOf(StartsWith(file() + ":3:15: pools.main.plugins[0]: "), HasSubstr(name))) << name;
    }
    EXPECT_TRUE(nobody_is_left());
}

TEST_F(Check, AManifestThatLiesIsFound) {
    const Ended ended = check("lying_manifest");
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("promised"));
}

TEST_F(Check, EveryFaultHasItsLine) {
    write_text(file(), "start_method: frok\npools:\n  main:\n    plugins: [no_such_plugin]\n    timeout: 30\n");
    const Ended ended = run({"check", file()});
    EXPECT_EQ(ended.exit_code, 2);
    const auto lines = lines_of(ended.err);
    ASSERT_EQ(lines.size(), 3U) << ended.err;
    EXPECT_THAT(lines[0], AllOf(StartsWith(file() + ":1:15: start_method: "), HasSubstr("fork")));
    EXPECT_THAT(lines[1], AllOf(StartsWith(file() + ":4:"), HasSubstr("no_such_plugin")));
    EXPECT_THAT(lines[2], StartsWith(file() + ":5:14: pools.main.timeout: "));
}

TEST(Inspect, ReadsWithoutRunning) {
    const Ended ended = run({"inspect", plugin("load_crashes")});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out, StartsWith("load_crashes "));
}

TEST(Inspect, ShowsSignaturesAndDocs) {
    const Ended ended = run({"inspect", plugin("math")});
    EXPECT_THAT(ended.out, AllOf(StartsWith("math 1.0.0\n"), HasSubstr("math.square(x: int64) -> int64"),
                                 HasSubstr("The square of x."), HasSubstr("ABI       1.0")));
}

TEST(Inspect, SpeaksJson) {
    const json read = json::parse(run({"inspect", plugin("math"), "--json"}).out);
    EXPECT_EQ(read["name"], "math");
    EXPECT_EQ(read["tasks"][0]["signature"], "(x: int64) -> int64");
    EXPECT_EQ(read["build_id"].get<std::string>().size(), 40U);
}

TEST(Inspect, FindsAPluginByItsName) {
    EXPECT_EQ(run(Command{{"inspect", "echo"}, "", "/", {{"POOLHOST_PLUGIN_PATH", POOLHOST_TEST_PLUGINS}}}).exit_code,
              0);
    const Ended missing = run({"inspect", "no_such_plugin"});
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_THAT(missing.err, HasSubstr("no_such_plugin"));
}

TEST(Inspect, AForeignFileIsNamedForWhatItIs) {
    const Ended ended = run({"inspect", "/bin/sh"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("/bin/sh"));
    EXPECT_EQ(ended.out, "");
}

TEST(Inspect, LoadLooksAtAPluginWithoutAManifest) {
    const Ended without = run({"inspect", plugin("no_manifest")});
    EXPECT_EQ(without.exit_code, 2);
    EXPECT_THAT(without.err, HasSubstr("--load"));
    const Ended loaded = run({"inspect", "--load", plugin("no_manifest")});
    EXPECT_EQ(loaded.exit_code, 0) << loaded.err;
    EXPECT_THAT(loaded.out, StartsWith("no_manifest "));
    EXPECT_TRUE(nobody_is_left());
}

TEST(Inspect, LoadSurvivesACrash) {
    const Ended ended = run({"inspect", "--load", plugin("load_crashes")});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("load_crashes"), HasSubstr("SIG")));
    EXPECT_TRUE(nobody_is_left());
}

TEST(StartMethods, AreListedWithTheDefault) {
    EXPECT_EQ(run({"start-methods"}).out, "fork\nspawn\nforkserver (default)\n");
}

TEST(CommandLine, SaysItsVersions) {
    EXPECT_THAT(run({"--version"}).out, testing::MatchesRegex("poolhost .*ABI 1\\.0.*\n"));
}

TEST(CommandLine, HelpsWithExamples) {
    const Ended all = run({"--help"});
    EXPECT_EQ(all.exit_code, 0);
    for (const char* command : {"call", "map", "check", "inspect", "start-methods", "replay", "new"}) {
        EXPECT_THAT(all.out, HasSubstr(std::string("\n  ") + command)) << command;
        const Ended help = run({command, "--help"});
        EXPECT_EQ(help.exit_code, 0) << command;
        EXPECT_THAT(help.out, HasSubstr("Example")) << command;
        EXPECT_THAT(help.out, HasSubstr(std::string("poolhost ") + command)) << command;
    }
}

TEST(CommandLine, LaterCommandsAreRefusedAndNotPromised) {
    const std::string help = run({"--help"}).out;
    for (const char* command : {"serve", "status", "scale", "restart", "stop", "cancel", "stack"}) {
        const Ended ended = run({command});
        EXPECT_EQ(ended.exit_code, 2) << command;
        EXPECT_THAT(ended.err, HasSubstr(std::string("no '") + command + "' yet"));
        EXPECT_THAT(help, Not(HasSubstr(std::string("\n  ") + command))) << command;
    }
}

TEST(CommandLine, AnUnknownCommandNamesTheNearest) {
    const Ended ended = run({"inspct"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("did you mean inspect?"));
    EXPECT_EQ(run(Args{}).exit_code, 2);
}

/// What bash would offer for the last word of a line.
std::string completed(const std::string& line) {
    const std::string script = "source " POOLHOST_COMPLETION "; COMP_WORDS=(" POOLHOST_PROGRAM " " + line +
                               "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _poolhost; echo \"${COMPREPLY[*]}\"";
    return run(Command{{"-c", script}, "", std::filesystem::current_path(), {}, "bash"}).out;
}

TEST(Completion, KnowsCommandsOptionsAndTasks) {
    EXPECT_EQ(completed("che"), "check\n");
    EXPECT_EQ(completed("repl"), "replay\n");
    EXPECT_EQ(completed("replay x --ext"), "--extract\n");
    EXPECT_EQ(completed("call --start-m"), "--start-method\n");
    EXPECT_EQ(completed("map --plugin " + plugin("math") + " math.squ"), "math.square math.squares\n");
    EXPECT_EQ(completed("call --config " + config("mixed.yaml") + " poolhost.p"), "poolhost.ping\n");
    EXPECT_EQ(completed("call --plugin x --start-method ''"), "fork spawn forkserver\n");
}

TEST(CommandLine, AReaderThatWentAwayIs141) {
    Running running({{"--help"}, ""});
    running.close_output();
    const Ended ended = running.wait();
    EXPECT_TRUE(ended.exit_code == 141 || ended.exit_code == 0) << ended.exit_code;
}

}  // namespace
}  // namespace poolhost::test
