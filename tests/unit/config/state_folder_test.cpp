// SPDX-License-Identifier: Apache-2.0
#include "config/state_folder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace poolhost::config {
namespace {

std::filesystem::path folder_of(const std::map<std::string, std::string>& variables) {
    return state_folder([&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found != variables.end() ? found->second.c_str() : nullptr;
    });
}

TEST(StateFolder, IsSystemdsWhereThereIsOne) {
    EXPECT_EQ(folder_of({{"STATE_DIRECTORY", "/var/lib/poolhost"}, {"HOME", "/root"}}), "/var/lib/poolhost");
    EXPECT_EQ(folder_of({{"STATE_DIRECTORY", "/var/lib/a:/var/lib/b"}}), "/var/lib/a");
}

TEST(StateFolder, IsTheUsersOtherwise) {
    EXPECT_EQ(folder_of({{"XDG_STATE_HOME", "/s"}, {"HOME", "/h"}}), "/s/poolhost");
    EXPECT_EQ(folder_of({{"HOME", "/h"}}), "/h/.local/state/poolhost");
    EXPECT_EQ(folder_of({{"XDG_STATE_HOME", "relative"}, {"HOME", "/h"}}), "/h/.local/state/poolhost");
}

TEST(StateFolder, IsNowhereWithoutAHome) { EXPECT_EQ(folder_of({}), ""); }

}  // namespace
}  // namespace poolhost::config
