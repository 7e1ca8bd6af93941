// SPDX-License-Identifier: Apache-2.0
#include "worker/environment.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

namespace poolhost::worker {
namespace {

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "(none)";
}

TEST(Environment, BorrowedSurroundingsArePutBack) {
    ::setenv("POOLHOST_TEST_OWN", "mine=1", 1);
    const auto directory = std::filesystem::current_path();
    {
        const BorrowedSurroundings borrowed;
        ASSERT_TRUE(set_environment({{"POOLHOST_TEST_OWN", "theirs"}, {"POOLHOST_TEST_NEW", "new"}}));
        ASSERT_TRUE(enter_working_directory("/"));
        EXPECT_EQ(variable("POOLHOST_TEST_OWN"), "theirs");
        EXPECT_EQ(std::filesystem::current_path(), "/");
    }
    EXPECT_EQ(variable("POOLHOST_TEST_OWN"), "mine=1");
    EXPECT_EQ(variable("POOLHOST_TEST_NEW"), "(none)");
    EXPECT_EQ(std::filesystem::current_path(), directory);
}

TEST(Environment, ASnapshotBringsBackWhatWasThere) {
    ::setenv("POOLHOST_TEST_HOOK", "set by a hook", 1);
    const auto snapshot = EnvironmentSnapshot::take();
    ::unsetenv("POOLHOST_TEST_HOOK");
    snapshot.restore();
    EXPECT_EQ(variable("POOLHOST_TEST_HOOK"), "set by a hook");
}

TEST(Environment, SaysWhatCannotBeSet) {
    EXPECT_EQ(set_environment({{"A=B", "x"}}).error().message, "cannot set env 'A=B': Invalid argument");
    EXPECT_EQ(enter_working_directory("/no/such/folder").error().message,
              "cannot enter working_directory '/no/such/folder': No such file or directory");
    EXPECT_TRUE(enter_working_directory(""));
}

}  // namespace
}  // namespace poolhost::worker
