// SPDX-License-Identifier: Apache-2.0
// `poolhost replay` runs kept calls again.
#include "kept_call.hpp"

#include <poolhost/plugin.h>

#include <gmock/gmock.h>

#include <cstring>

namespace poolhost::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string message_pack_reference(std::uint64_t id, std::uint64_t offset, std::uint64_t size) {
    const poolhost_buffer_head head{POOLHOST_BUFFER_BYTES, 0, 0, {}, id, offset, size};
    std::string text = "\x91\xc7\x20\x02";
    text.append(reinterpret_cast<const char*>(&head), sizeof head);
    return text;
}

class Replay : public testing::Test {
protected:
    ~Replay() override { EXPECT_TRUE(nobody_is_left()); }
    Folder folder_;
};

TEST_F(Replay, PrintsTheValueOfACallThatSucceedsNow) {
    const Ended ended = replay(KeptCall("math.square", plugin("math"), "[7]").write(folder_));
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_EQ(ended.out, "49\n");
    EXPECT_THAT(ended.err, AllOf(HasSubstr("it succeeded this time"), HasSubstr("killed by SIGSEGV")));
}

class ReplayOfACrash : public Replay, public testing::WithParamInterface<const char*> {};

TEST_P(ReplayOfACrash, CrashesAgain) {
    KeptCall call("crash.abort", plugin("crash"));
    call.capsule.worker.start_method = GetParam();
    const Ended ended = replay(call.write(folder_));
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, AllOf(HasSubstr("poolhost: worker_lost: "), HasSubstr("SIGABRT")));
}

INSTANTIATE_TEST_SUITE_P(StartMethods, ReplayOfACrash, testing::Values("spawn", "fork", "forkserver"),
                         [](const auto& method) { return std::string(method.param); });

TEST_F(Replay, TimesOutAgain) {
    KeptCall call("hang.sleep", plugin("hang"));
    call.capsule.cause = "timeout";
    call.capsule.timeout_ns = 200'000'000;
    const Ended ended = replay(call.write(folder_));
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.err, HasSubstr("poolhost: timeout: "));
}

TEST_F(Replay, KeepsNoCapsuleOfItsOwn) {
    const std::string file = KeptCall("crash.abort", plugin("crash")).write(folder_);
    const auto state = folder_ / "state";
    Command command{{"replay", file}, "", folder_.path()};
    command.env = {{"XDG_STATE_HOME", state.string()}};
    EXPECT_EQ(run(command).exit_code, 1);
    EXPECT_FALSE(std::filesystem::exists(state));
}

TEST_F(Replay, WorkerIsAsItWas) {
    KeptCall call("surroundings.environment", plugin("surroundings"), R"(["KEPT"])");
    call.capsule.worker.environment = {{"KEPT", "as it was"}};
    EXPECT_EQ(replay(call.write(folder_)).out, "\"as it was\"\n");

    KeptCall directory("surroundings.directory", plugin("surroundings"));
    directory.capsule.worker.working_directory = folder_.path();
    EXPECT_EQ(replay(directory.write(folder_)).out, "\"" + folder_.path().string() + "\"\n");

    KeptCall limit("surroundings.open_files_limit", plugin("surroundings"));
    limit.capsule.worker.limits.open_files = 77;
    EXPECT_EQ(replay(limit.write(folder_)).out, "77\n");
}

TEST_F(Replay, InitializerRunsAsItDid) {
    KeptCall call("math.square", plugin("math"), "[7]");
    call.capsule.worker.initializer = {{"math.square", R"(["no number"])"}};
    const Ended ended = replay(call.write(folder_));
    EXPECT_EQ(ended.exit_code, 3);
    EXPECT_THAT(ended.err, HasSubstr("math.square"));
}

TEST_F(Replay, ArgumentsInABuffer) {
    KeptCall call("math.square", plugin("math"));
    call.buffers = {"xx[9]"};
    call.input = {"", wire::BufferPlace{5, 2, 3}, {5}, wire::Encoding::json};
    EXPECT_EQ(replay(call.write(folder_)).out, "81\n");
}

TEST_F(Replay, ArgumentsThatReferToBuffers) {
    KeptCall call("hash.md5", plugin("hash"));
    call.buffers = {"unused", "xxabc"};
    call.input = {message_pack_reference(900, 2, 3), {}, {7, 900}, wire::Encoding::messagepack};
    EXPECT_EQ(replay(call.write(folder_)).out, "\"900150983cd24fb0d6963f7d28e17f72\"\n");
}

TEST_F(Replay, ReferencesThatLeadNowhereAreTheTasksToRefuse) {
    KeptCall call("hash.md5", plugin("hash"));
    call.input = {message_pack_reference(900, 2, 3), {}, {}, wire::Encoding::messagepack};
    EXPECT_EQ(replay(call.write(folder_)).exit_code, 2);
}

TEST_F(Replay, ItemsOfAMap) {
    KeptCall number("math.square", plugin("math"), "8");
    number.input.encoding = wire::Encoding::json_item;
    EXPECT_EQ(replay(number.write(folder_)).out, "64\n");
}

// ---- plugins

TEST_F(Replay, AnotherBuildIsNamedAndRuns) {
    KeptCall call("math.square", plugin("math"), "[7]");
    const std::string now = call.capsule.plugin_build;
    call.capsule.worker.plugins[0].build_id = "0123456789abcdef";
    const Ended ended = replay(call.write(folder_));
    EXPECT_EQ(ended.out, "49\n");
    EXPECT_THAT(ended.err, AllOf(HasSubstr(now), HasSubstr("0123456789abcdef")));
}

TEST_F(Replay, AMissingPluginIsNamedWithTheRemedy) {
    KeptCall call("math.square", plugin("math"), "[7]");
    call.capsule.worker.plugins[0].path = "/nowhere/libmath.so";
    const std::string file = call.write(folder_);
    const Ended ended = replay(file);
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("/nowhere/libmath.so"), HasSubstr("--plugin FILE")));
    EXPECT_EQ(replay(file, {"--plugin", plugin("math")}).out, "49\n");
}

TEST_F(Replay, AnotherPluginIsNoBuildOfTheTasks) {
    const std::string file = KeptCall("math.square", plugin("math"), "[7]").write(folder_);
    const Ended ended = replay(file, {"--plugin", plugin("hash")});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("is the plugin 'hash', and the capsule's task is one of 'math'"));
}

TEST_F(Replay, ATaskThatTheBuildHasNotIsNamed) {
    KeptCall call("math.square", plugin("math"), "[7]");
    call.capsule.task = "math.squaer";
    const Ended ended = replay(call.write(folder_));
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("did you mean math.square?"));
}

TEST_F(Replay, ABuildWithASanitizerExplainsTheCrash) {
    const auto sanitized = std::filesystem::path(POOLHOST_TEST_PLUGINS) / "asan" / "liboverflows_heap.so";
    if (!std::filesystem::exists(sanitized)) GTEST_SKIP() << "is not built here";
    KeptCall call("overflows_heap.read_beyond", plugin("overflows_heap"), "[10]");
    call.capsule.worker.start_method = "forkserver";
    call.capsule.worker.limits.memory = 1 << 30;
    const Ended ended = replay(call.write(folder_), {"--plugin", sanitized});
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("heap-buffer-overflow"), HasSubstr("read_beyond"), HasSubstr("preloaded")));
}

// ---- gdb

bool gdb_can_run() {
    return std::system("gdb -nx -batch -ex run --args /bin/true 2>/dev/null | grep -q 'exited normally'") == 0;
}

TEST_F(Replay, GdbStopsAtTheCrash) {
    if (!gdb_can_run()) GTEST_SKIP() << "there is no gdb, or it may trace nothing here";
    KeptCall call("crash.trap", plugin("crash"));
    call.capsule.worker.environment = {{"KEPT", "as it was"}};
    const Ended ended = run(Command{{"replay", call.write(folder_), "--gdb"}, "bt 3\nshow environment KEPT\n"});
    EXPECT_THAT(ended.out, AllOf(HasSubstr("SIGILL"), HasSubstr("crash"), HasSubstr("KEPT = as it was")));
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
}

TEST_F(Replay, GdbEndsWithACallThatSucceeds) {
    if (!gdb_can_run()) GTEST_SKIP() << "there is no gdb, or it may trace nothing here";
    KeptCall call("math.square", plugin("math"), "[7]");
    call.capsule.timeout_ns = 1;
    call.capsule.cause = "timeout";
    const Ended ended = run(Command{{"replay", call.write(folder_), "--gdb"}, ""});
    EXPECT_THAT(ended.out, AllOf(HasSubstr("exited normally"), HasSubstr("\n49\n")));
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
}

TEST_F(Replay, SaysThatThereIsNoGdb) {
    Command command{{"replay", KeptCall("crash.trap", plugin("crash")).write(folder_), "--gdb"}, ""};
    command.env = {{"PATH", folder_.path()}};
    const Ended ended = run(command);
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("install the package gdb"));
}

}  // namespace
}  // namespace poolhost::test
