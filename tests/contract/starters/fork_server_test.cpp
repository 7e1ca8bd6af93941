// SPDX-License-Identifier: Apache-2.0
// What only a fork server can suffer: a preparation that fails, a death, a protocol that is not kept.
#include "contract/starters/harness.hpp"
#include "process/pidfd.hpp"

#include <gmock/gmock.h>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

class AForkServer : public StarterTest {};

void kill_and_await(pid_t server) {
    const base::UniqueFd pidfd(::pidfd_open(server, 0));
    ::kill(server, SIGKILL);
    ASSERT_TRUE(ends_within(pidfd.get(), patience_ms));
}

TEST_F(AForkServer, PassesThePreparationsErrorOnVerbatim) {
    const auto starter = fork_server("fail");
    EXPECT_EQ(refusal(*starter), "plugin 'math': no such file\n  searched: /nowhere");
    EXPECT_EQ(starter->server_pid(), std::nullopt);
}

TEST_F(AForkServer, SaysHowItsPreparationEnded) {
    EXPECT_EQ(refusal(*fork_server("throw")), "preparing the fork server threw an exception: thrown while preparing");
    EXPECT_EQ(refusal(*fork_server("exit")), "the fork server exited with code 9 before it was ready");
    EXPECT_THAT(refusal(*fork_server("abort")), StartsWith("preparing crashed: SIGABRT"));
}

TEST_F(AForkServer, FailsWhenItIsNotReadyInTime) {
    EXPECT_EQ(refusal(*fork_server("hang", 50ms)), "the fork server was not ready within 50 ms");
}

TEST_F(AForkServer, RefusesToForkOnceAPluginHasStartedAThread) {
    EXPECT_THAT(refusal(*fork_server("thread")), HasSubstr("this process has 2 threads"));
}

TEST_F(AForkServer, ForksWorkersWithoutTheDescriptorsThatItsPreparationLeftOpen) {
    const auto starter = fork_server("leak");
    auto worker = birth(*starter);
    EXPECT_EQ(worker.facts()["descriptors"], "0:/dev/null 1:pipe 2:pipe 3:socket:cloexec 4:pipe:cloexec ");
}

TEST_F(AForkServer, TakesADescriptionOfAnySize) {
    const auto starter = fork_server(std::string(3 << 20, 'x'));
    EXPECT_EQ(birth(*starter).facts()["description"], std::to_string(3 << 20));
}

TEST_F(AForkServer, TriesToPrepareAgainAtTheNextBirth) {
    const auto starter = fork_server("fail");
    EXPECT_NE(refusal(*starter), "");
    EXPECT_NE(refusal(*starter), "");
}

TEST_F(AForkServer, CanBePreparedAhead) {
    const auto starter = fork_server("");
    std::optional<base::Result<void>> ready;
    starter->prepare([&](auto outcome) { ready = outcome; });
    while (!ready) loop.run_one();
    EXPECT_TRUE(ready->has_value());
    EXPECT_TRUE(starter->server_pid());
    EXPECT_EQ(birth(*starter).facts()["parent"], std::to_string(::getpid()));
}

TEST_F(AForkServer, IsReplacedAfterItsDeathWhileItsWorkersLiveOn) {
    const auto starter = fork_server("");
    auto first = birth(*starter);
    const pid_t server = starter->server_pid().value();
    kill_and_await(server);
    auto second = birth(*starter);
    EXPECT_NE(starter->server_pid(), server);
    EXPECT_EQ(first.facts()["parent"], std::to_string(::getpid()));
    EXPECT_EQ(second.facts()["parent"], std::to_string(::getpid()));
}

TEST_F(AForkServer, LosesNoBirthWhenItDies) {
    const auto starter = fork_server("");
    auto first = birth(*starter);
    const pid_t server = starter->server_pid().value();
    ::kill(server, SIGSTOP);
    Births births;
    for (int i = 0; i < 40; ++i) starter->start(births.note());
    kill_and_await(server);
    run_until(births, 40);
    EXPECT_THAT(births.errors, testing::IsEmpty());
}

TEST_F(AForkServer, MayBeAskedForMoreFromWithinABirth) {
    const auto starter = fork_server("");
    Births births;
    starter->start([&](auto born) {
        starter->start(births.note());
        births.note()(std::move(born));
    });
    run_until(births, 2);
    EXPECT_EQ(births.workers.size(), 2U);
}

TEST_F(AForkServer, GivesUpABirthWhenTheServerIsStuck) {
    const auto starter = fork_server("", 4s);  // long enough for a server to start on a busy machine
    auto first = birth(*starter);
    ::kill(starter->server_pid().value(), SIGSTOP);
    EXPECT_EQ(refusal(*starter), "the fork server did not fork a worker in time");
    EXPECT_NO_THROW(birth(*starter));
}

class ALyingForkServer : public StarterTest, public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(ALyingForkServer, FailsTheBirthAndHarmsNothing) {
    const auto& [lie, error] = GetParam();
    EXPECT_THAT(refusal(*fork_server("", 30s, {"lying-server", lie})), HasSubstr(error));
}

INSTANTIATE_TEST_SUITE_P(Lies, ALyingForkServer,
                         testing::Values(std::pair("noise", "broke its protocol"),
                                         std::pair("flood", "broke its protocol"),
                                         std::pair("hello-itself", "is held already"),
                                         std::pair("nonsense-at-birth", "broke the protocol"),
                                         std::pair("failure-without-end", "larger than its protocol allows"),
                                         std::pair("exit-at-request", "died at its birth")),
                         [](const auto& each) {
                             std::string name = each.param.first;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace poolhost::test
