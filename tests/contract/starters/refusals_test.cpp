// SPDX-License-Identifier: Apache-2.0
// Workers that cannot be started, and what is said about it.
#include "contract/starters/harness.hpp"

#include <gmock/gmock.h>

#include <future>
#include <thread>

#include <pthread.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

using testing::HasSubstr;

class ARefusal : public StarterTest {};

TEST_F(ARefusal, NamesAProgramThatDoesNotExist) {
    EXPECT_EQ(refusal(*process::make_spawn_starter({"/nowhere/worker", {}, {}})),
              "cannot execute /nowhere/worker: No such file or directory");
    EXPECT_EQ(
        refusal(*process::make_fork_server_starter(loop, {"/nowhere/worker", {}, {}}, {}, std::chrono::seconds(9))),
        "cannot execute /nowhere/worker: No such file or directory");
}

TEST_F(ARefusal, NamesAProgramThatIsNotExecutable) {
    EXPECT_EQ(refusal(*process::make_spawn_starter({"/etc/passwd", {}, {}})),
              "cannot execute /etc/passwd: Permission denied");
    EXPECT_EQ(refusal(*process::make_spawn_starter({"/tmp", {}, {}})), "cannot execute /tmp: Permission denied");
}

TEST_F(ARefusal, NamesTheThreadsBesideWhichItDoesNotFork) {
    std::promise<void> named;
    std::promise<void> enough;
    std::thread other([&] {
        ::pthread_setname_np(::pthread_self(), "log-writer");
        named.set_value();
        enough.get_future().wait();
    });
    named.get_future().wait();
    EXPECT_THAT(refusal(*process::make_fork_starter(obey)), HasSubstr("log-writer"));
    enough.set_value();
    other.join();
    EXPECT_NO_THROW(birth(*process::make_fork_starter(obey)));
}

class AProgram : public StarterTest {};

TEST_F(AProgram, GetsItsOwnVariablesInPlaceOfTheHosts) {
    ::setenv("POOLHOST_TEST", "the host's", 1);
    process::Program own = program({"worker"});
    own.env = {{"POOLHOST_TEST", "its own"}};
    EXPECT_EQ(birth(*process::make_spawn_starter(own)).facts()["variable"], "its own");
    own.arguments = {"fork-server"};
    const auto served = process::make_fork_server_starter(loop, own, {}, std::chrono::seconds(30));
    EXPECT_EQ(birth(*served).facts()["variable"], "its own");
    ::unsetenv("POOLHOST_TEST");
}

}  // namespace
}  // namespace poolhost::test
