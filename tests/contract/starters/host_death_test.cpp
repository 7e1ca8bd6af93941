// SPDX-License-Identifier: Apache-2.0
// No worker outlives its host, whatever it does.
#include "contract/starters/harness.hpp"
#include "process/pidfd.hpp"

#include <sstream>

namespace poolhost::test {
namespace {

class EveryMethod : public StarterTest, public testing::WithParamInterface<const char*> {};

TEST_P(EveryMethod, EndsWithTheHostThoughEverythingIsBlockedAndBusy) {
    auto host = birth(*process::make_spawn_starter(program({"host", GetParam()})));
    std::istringstream pids(hear_text(host.socket()));  // the worker, its own child and the fork server
    std::vector<base::UniqueFd> below;
    for (pid_t pid = 0; pids >> pid;) below.emplace_back(::pidfd_open(pid, 0));
    ASSERT_GE(below.size(), 2U);

    host.process().kill(SIGKILL);
    host.process().reap();
    for (const auto& pidfd : below) EXPECT_TRUE(ends_within(pidfd.get(), 1000));
    // They became this process's, which is the next subreaper above.
    while (process::reap_orphans() > 0) {
    }
}

INSTANTIATE_TEST_SUITE_P(Starters, EveryMethod, testing::Values("spawn", "fork", "forkserver"),
                         [](const auto& method) { return std::string(method.param); });

}  // namespace
}  // namespace poolhost::test
