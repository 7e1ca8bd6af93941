// SPDX-License-Identifier: Apache-2.0
// What must not happen before a fork, and what a template says when plugin code ends it.
#include "program.hpp"

#include <gmock/gmock.h>

#include <signal.h>
#include <sys/stat.h>

namespace poolhost::test {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class ForkSafety : public testing::TestWithParam<const char*> {
protected:
    static Command ping(const std::string& vice) {
        Command command;
        command.words = {"call", "poolhost.ping", "--plugin", plugin(vice), "--start-method", GetParam()};
        return command;
    }
    static bool is_fork() { return std::string(GetParam()) == "fork"; }
};
INSTANTIATE_TEST_SUITE_P(Templates, ForkSafety, testing::Values("fork", "forkserver"),
                         [](const auto& each) { return std::string(each.param); });

TEST_P(ForkSafety, AThreadIsNamedWithItsPlugin) {
    const Ended at_preload = run(ping("thread_at_preload"));
    EXPECT_EQ(at_preload.exit_code, 3) << at_preload.out;
    EXPECT_THAT(at_preload.err, AllOf(HasSubstr("on_preload of plugin 'thread_at_preload' left 1 thread(s) running ("),
                                      HasSubstr("use start_method: spawn")));
    const Ended at_load = run(ping("thread_at_load"));
    EXPECT_EQ(at_load.exit_code, 3) << at_load.out;
    EXPECT_THAT(at_load.err,
                AllOf(HasSubstr("loading plugin 'thread_at_load' ("), HasSubstr("thread(s) running (busy-bee)")));
    EXPECT_TRUE(nobody_is_left());
}

TEST_P(ForkSafety, ASocketIsNamedWithItsPlugin) {
    const Ended at_preload = run(ping("descriptor_at_preload"));
    EXPECT_EQ(at_preload.exit_code, 0);
    EXPECT_THAT(
        at_preload.err,
        ContainsRegex("on_preload of plugin 'descriptor_at_preload' left descriptor [0-9]+ \\(a Unix socket\\)"));
    const Ended at_load = run(ping("socket_at_load"));
    EXPECT_EQ(at_load.exit_code, 0);
    EXPECT_THAT(at_load.err, AllOf(ContainsRegex("loading plugin 'socket_at_load' .* left descriptor [0-9]+ "
                                                 "\\(a TCP socket listening on 127.0.0.1:[0-9]+\\)"),
                                   ContainsRegex("\\(a TCP socket connected to 127.0.0.1:[0-9]+\\)")));
}

TEST_P(ForkSafety, APluginThatIsNotForkSafeIsNeverInATemplate) {
    const Ended ended = run(ping("not_fork_safe"));
    EXPECT_EQ(ended.exit_code, is_fork() ? 2 : 0) << ended.err;
    if (is_fork()) {
        EXPECT_THAT(ended.err, AllOf(HasSubstr("must not cross a fork"), HasSubstr("spawn")));
    }
    Folder folder;
    write_text(folder / "pools.yaml", "start_method: " + std::string(GetParam()) + "\npools: {main: {plugins: [" +
                                          plugin("not_fork_safe") +
                                          "], preload: {task: not_fork_safe.same, args: [1]}}}\n");
    const Ended preloaded = run({"call", "poolhost.ping", "--config", (folder / "pools.yaml").string()});
    EXPECT_EQ(preloaded.exit_code, 2);
    EXPECT_THAT(preloaded.err, AllOf(HasSubstr("pools.yaml:"), HasSubstr("must not cross a fork"), HasSubstr("spawn")));
}

TEST_P(ForkSafety, APreloadThatCrashesIsExplained) {
    const Ended ended = run(ping("preload_crashes"));
    EXPECT_EQ(ended.exit_code, 3);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("pool_unavailable"),
                                 HasSubstr("on_preload of plugin 'preload_crashes' crashed: SIGABRT")));
    EXPECT_TRUE(nobody_is_left());
}

TEST_P(ForkSafety, AConstructorThatCrashesIsExplained) {
    const Ended ended = run(ping("load_crashes"));
    EXPECT_EQ(ended.exit_code, 3);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("pool_unavailable"), HasSubstr("loading plugin "), HasSubstr("load_crashes"),
                                 HasSubstr("crashed: SIG")));
}

TEST_P(ForkSafety, APreloadThatExitsIsExplained) {
    const Ended ended = run(ping("preload_exits"));
    EXPECT_EQ(ended.exit_code, 3) << "whatever it exits with";
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, AllOf(HasSubstr("pool_unavailable"), HasSubstr("xit")));
}

TEST_P(ForkSafety, APreloadThatHangsIsEndedAndExplained) {
    Folder folder;
    write_text(folder / "pools.yaml", "start_method: " + std::string(GetParam()) + "\npools: {main: {plugins: [" +
                                          plugin("preload_hangs") + "], start_timeout: 300ms}}\n");
    const Ended ended = run({"call", "poolhost.ping", "--config", (folder / "pools.yaml").string()});
    EXPECT_EQ(ended.exit_code, 3);
    EXPECT_THAT(ended.err, HasSubstr("pool_unavailable"));
    EXPECT_THAT(ended.err, AnyOf(HasSubstr("start_timeout"), HasSubstr("300 ms")));
    EXPECT_TRUE(nobody_is_left());
}

// How far it has come when it is interrupted does not matter, but that it hangs does: a file says so.
TEST_P(ForkSafety, AnInterruptEndsAPreloadThatHangs) {
    Folder folder;
    Command command = ping("preload_hangs");
    command.env = {{"POOLHOST_TEST_HANGS", (folder / "it_hangs").string()}};
    ASSERT_EQ(::mkfifo((folder / "it_hangs").c_str(), 0600), 0);
    Running hanging(command);
    EXPECT_EQ(read_text(folder / "it_hangs"), "it hangs");
    hanging.kill(SIGINT);
    EXPECT_EQ(hanging.wait().exit_code, 130);
    EXPECT_TRUE(nobody_is_left());
}

}  // namespace
}  // namespace poolhost::test
