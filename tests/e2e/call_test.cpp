// SPDX-License-Identifier: Apache-2.0
// `poolhost call` as a user runs it.
#include "program.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <signal.h>
#include <sys/stat.h>

#include <chrono>

namespace poolhost::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

Ended call(const std::string& plugin_name, Args words) {
    words.insert(words.begin(), {"call", "--plugin", plugin(plugin_name), "-j", "1"});
    return run(words);
}

std::string config(const char* name) { return std::string(POOLHOST_CONFIG_FOLDER) + "/" + name; }

TEST(Call, PrintsTheValueAsALineOfJson) {
    const Ended ended = call("math", {"math.square", "7"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(ended.out, "49\n");
    EXPECT_EQ(ended.err, "");
    EXPECT_TRUE(nobody_is_left());
}

TEST(Call, TheTutorialsDefaultContextIsForkserver) {
    const Ended ended = run({"call", "poolhost.start_method", "--config", config("default.yaml")});
    EXPECT_EQ(ended.out, "\"forkserver\"\n") << ended.err;
}

TEST(Call, TheTutorialsContextOfItsOwnIsFork) {
    const Args words{"call", "poolhost.start_method", "--config", config("mixed.yaml"), "--pool", "forked"};
    EXPECT_EQ(run(words).out, "\"fork\"\n");
    EXPECT_EQ(run({"call", "poolhost.start_method", "--config", config("mixed.yaml")}).out, "\"spawn\"\n");
}

class CallUnder : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(EveryStartMethod, CallUnder, testing::Values("spawn", "fork", "forkserver"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(CallUnder, WorksAndLeavesNobody) {
    EXPECT_EQ(call("math", {"poolhost.start_method", "--start-method", GetParam()}).out,
              "\"" + std::string(GetParam()) + "\"\n");
    EXPECT_EQ(call("math", {"math.square", "-9", "--start-method", GetParam()}).out, "81\n");
    EXPECT_TRUE(nobody_is_left());
}

TEST_P(CallUnder, AnInterruptEndsItAtOnceWithNobodyLeft) {
    // The initializer's words say that a worker is there, and that the host is no longer a program that a signal ends.
    Folder folder;
    write_text(folder / "pools.yaml", "start_method: " + std::string(GetParam()) + "\npools:\n  main:\n    plugins: [" +
                                          plugin("hang") + ", " + plugin("chatter") +
                                          "]\n    initializer: {task: chatter.to_error, args: [1]}\n");
    Running hanging({{"call", "hang.sleep_deaf", "--config", (folder / "pools.yaml").string()}, ""});
    hanging.read_errors_until("[main 0]");
    hanging.kill(SIGINT);
    const Ended ended = hanging.wait();
    EXPECT_EQ(ended.exit_code, 130) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(nobody_is_left());
}

TEST_P(CallUnder, AnInterruptEndsAnOrderlyEndThatHangs) {
    Folder folder;
    Command command{{"call", "stop_hangs.same", "7", "--plugin", plugin("stop_hangs"), "--start-method", GetParam()},
                    ""};
    command.env = {{"POOLHOST_TEST_HANGS", (folder / "it_hangs").string()}};
    ASSERT_EQ(::mkfifo((folder / "it_hangs").c_str(), 0600), 0);
    Running ending(command);
    EXPECT_EQ(read_text(folder / "it_hangs"), "it hangs");
    const auto interrupted = std::chrono::steady_clock::now();
    ending.kill(SIGINT);
    const Ended ended = ending.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - interrupted, std::chrono::seconds(5)) << "that is what it waits for";
    EXPECT_EQ(ended.out, "7\n") << "the call had its outcome";
    EXPECT_TRUE(nobody_is_left());
}

TEST(Call, ArgumentsFollowTheSignature) {
    EXPECT_EQ(call("echo", {"echo.text", "7"}).out, "\"7\"\n");
    EXPECT_EQ(call("echo", {"echo.text", "-Infinity"}).out, "\"-Infinity\"\n");
    EXPECT_EQ(call("echo", {"echo.text", "--", "--json"}).out, "\"--json\"\n");
    EXPECT_EQ(call("echo", {"echo.text", "@@home"}).out, "\"@home\"\n");
    EXPECT_EQ(call("echo", {"echo.int64", "-9223372036854775808"}).out, "-9223372036854775808\n");
    EXPECT_EQ(call("echo", {"echo.value", R"({"a": [1, 2.5, null]})"}).out, "{\"a\":[1,2.5,null]}\n");
    EXPECT_EQ(call("echo", {"echo.floats", "[1, 2, 3]"}).exit_code, 0);
}

TEST(Call, ArgumentsCanBeGivenByName) {
    EXPECT_EQ(call("math", {"math.divide", "--args", R"({"divisor": 2, "dividend": 7})"}).out, "3\n");
    EXPECT_EQ(call("math", {"math.divide", "--args", "[7, 2]"}).out, "3\n");
}

TEST(Call, TextThatIsNoJsonIsABadArgument) {
    const Ended ended = call("math", {"math.square", "abc"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, HasSubstr("bad_arguments: argument 1 'x': \"abc\" is not JSON"));
}

TEST(Call, TheWorkerFindsWrongTypesAndCounts) {
    const Ended type = call("math", {"math.square", "\"a\""});
    EXPECT_EQ(type.exit_code, 2);
    EXPECT_THAT(type.err, HasSubstr("argument 1 'x': expected int64, got string"));
    EXPECT_EQ(call("math", {"math.square"}).exit_code, 2);
    EXPECT_EQ(call("math", {"math.square", "1", "2"}).exit_code, 2);
}

TEST(Call, WhatATaskThrowsIsExplained) {
    const Ended ended = call("math", {"math.divide", "1", "0"});
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err, "poolhost: task_error: division by zero\n  thrown: std::domain_error\n");
}

TEST(Call, JsonIsTheWholeOutcomeOnStandardOutput) {
    const Ended good = call("math", {"math.square", "7", "--json"});
    const json outcome = json::parse(good.out);
    EXPECT_EQ(outcome["value"], 49);
    EXPECT_EQ(outcome["task"], "math.square");
    EXPECT_EQ(outcome["attempt"], 1);
    EXPECT_GT(outcome["worker"]["pid"], 0);
    EXPECT_EQ(outcome["plugin_build"].get<std::string>().size(), 40U);
    const Ended bad = call("math", {"math.divide", "1", "0", "--json"});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_EQ(bad.err, "");
    EXPECT_EQ(json::parse(bad.out)["error"]["kind"], "task_error");
    const Ended refused = call("math", {"math.square", "abc", "--json"});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_EQ(json::parse(refused.out)["error"]["kind"], "bad_arguments");
}

TEST(Call, AnUnknownTaskOrPoolNamesTheNearest) {
    const Ended task = call("math", {"math.squar", "7"});
    EXPECT_EQ(task.exit_code, 2);
    EXPECT_THAT(task.err, AllOf(HasSubstr("unknown_task"), HasSubstr("did you mean math.square?")));
    const Ended pool = run({"call", "poolhost.ping", "--config", config("mixed.yaml"), "--pool", "forkd"});
    EXPECT_EQ(pool.exit_code, 2);
    EXPECT_THAT(pool.err, AllOf(HasSubstr("unknown_pool"), HasSubstr("did you mean forked?")));
}

TEST(Call, ADeadWorkerIsAnExplainedResult) {
    const Ended ended = call("crash", {"crash.abort"});
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("worker_lost"), HasSubstr("SIGABRT")));
    EXPECT_TRUE(nobody_is_left());
}

TEST(Call, ATimeoutEndsIt) {
    const Ended ended = call("hang", {"hang.spin", "--timeout", "50ms", "--json"});
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_EQ(json::parse(ended.out)["error"]["kind"], "timeout");
    EXPECT_TRUE(nobody_is_left());
}

TEST(Call, AWorkerThatCannotStartIsNoHost) {
    const Ended ended = call("start_fails", {"poolhost.ping"});
    EXPECT_EQ(ended.exit_code, 3) << ended.out;
    EXPECT_THAT(ended.err, HasSubstr("pool_unavailable"));
    EXPECT_TRUE(nobody_is_left());
}

TEST(Call, APluginThatMustNotBeForkedIsNot) {
    const Ended ended = call("not_fork_safe", {"poolhost.ping", "--start-method", "fork"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("must not cross a fork"), HasSubstr("use --start-method spawn")));
    EXPECT_EQ(call("not_fork_safe", {"poolhost.ping"}).exit_code, 0);
}

TEST(Call, WorkersOutputNeverMixesWithTheResult) {
    const Ended ended = call("chatter", {"chatter.to_output", "3"});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_TRUE(json::accept(ended.out)) << ended.out;
    EXPECT_THAT(ended.err, HasSubstr("[default 0 chatter.to_output #0] line 2 of talk\n"));
}

TEST(Call, FilesAreBytes) {
    Folder folder;
    const std::string bytes("\0\xff\n", 3);
    write_text(folder / "in", bytes);
    const Ended ended =
        call("echo", {"echo.bytes", "@" + (folder / "in").string(), "--output", (folder / "out").string()});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(read_text(folder / "out"), bytes);
}

TEST(Call, StandardInputIsBytesAndOutputCanBeStandardOutput) {
    const std::string large(3'000'000, 'x');
    const Ended ended = run(Command{{"call", "echo.bytes", "@-", "--output", "-", "--plugin", plugin("echo")}, large});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(ended.out, large);
}

TEST(Call, AGibibyteReachesTheTaskInOneCopyOfTheFile) {
    constexpr std::uint64_t size = std::uint64_t{1} << 30;
    Folder folder;
    write_text(folder / "in", "");
    std::filesystem::resize_file(folder / "in", size);
    const Ended ended = call("large", {"large.size", "@" + (folder / "in").string()});
    EXPECT_EQ(ended.out, std::to_string(size) + "\n") << ended.err;
    EXPECT_LT(ended.peak_kilobytes, static_cast<long>(size / 1024 * 5 / 4));
}

TEST(Call, TextIsWrittenToAFileAsItIs) {
    Folder folder;
    write_text(folder / "in", "two\nlines");
    EXPECT_EQ(
        call("echo", {"echo.text", "@" + (folder / "in").string(), "--output", (folder / "out").string()}).exit_code,
        0);
    EXPECT_EQ(read_text(folder / "out"), "two\nlines");
}

TEST(Call, LargeResultsOfEveryKindReachTheFile) {
    Folder folder;
    for (const char* task : {"large.bytes", "large.shared"}) {
        const Ended ended = call("large", {task, "5000000", "--output", (folder / "out").string(), "--json"});
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_EQ(read_text(folder / "out"), std::string(5000000, 'Z')) << task;
        EXPECT_EQ(json::parse(ended.out)["value"]["$file"], (folder / "out").string());
    }
}

TEST(Call, OutputNeedsBytes) {
    const Ended ended = call("math", {"math.square", "7", "--output", "x"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("--output writes bytes or text, but math.square returns int64"));
}

TEST(Call, AMissingFileIsTold) {
    const Ended ended = call("echo", {"echo.bytes", "@/nowhere/at/all"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("argument 1 'value': cannot read /nowhere/at/all: No such file or directory"));
    EXPECT_TRUE(nobody_is_left());
}

TEST(Call, AReaderThatWentAwayEndsItAs141) {
    Running running({{"call", "large.text", "1000000", "--plugin", plugin("large")}, ""});
    running.close_output();
    EXPECT_EQ(running.wait().exit_code, 141);
    EXPECT_TRUE(nobody_is_left());
}

TEST(Call, WithoutAHostItSaysWhatToDo) {
    const Ended none = run({"call", "math.square", "7"});
    EXPECT_EQ(none.exit_code, 3);
    EXPECT_THAT(none.err, HasSubstr("give --config CONFIG or --plugin FILE"));
    EXPECT_EQ(run({"call", "math.square", "7", "--connect", "here"}).exit_code, 3);
}

TEST(Call, EveryFaultOfAConfigurationIsTold) {
    Folder folder;
    write_text(folder / "bad.yaml", "pools:\n  main:\n    plugins: []\n    procesess: 2\n    timeout: 30\n");
    const Ended ended = run({"call", "poolhost.ping", "--config", (folder / "bad.yaml").string()});
    EXPECT_EQ(ended.exit_code, 2);
    const auto lines = lines_of(ended.err);
    ASSERT_EQ(lines.size(), 2U) << ended.err;
    EXPECT_THAT(lines[0], StartsWith((folder / "bad.yaml").string() + ":4:5: pools.main.procesess: "));
    EXPECT_THAT(lines[1], StartsWith((folder / "bad.yaml").string() + ":5:14: pools.main.timeout: "));
}

}  // namespace
}  // namespace poolhost::test
