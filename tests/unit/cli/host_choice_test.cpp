// SPDX-License-Identifier: Apache-2.0
#include "cli/host_choice.hpp"
#include "cli/start_methods.hpp"

#include <gmock/gmock.h>

namespace poolhost::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

NoPlan refusal(const HostChoice& choice) {
    auto plan = make_plan(choice);
    if (plan) return {ExitCode::success, {}};
    return plan.error();
}

TEST(HostChoice, NoneNeedsAServingHost) {
    const NoPlan none = refusal({});
    EXPECT_EQ(none.code, ExitCode::no_host);
    EXPECT_THAT(none.lines, ElementsAre(HasSubstr("give --config CONFIG or --plugin FILE")));
    HostChoice connect;
    connect.connect = "there";
    EXPECT_EQ(refusal(connect).code, ExitCode::no_host);
    EXPECT_THAT(refusal(connect).lines, ElementsAre(HasSubstr("no serving host yet")));
}

TEST(HostChoice, OnlyOneHost) {
    HostChoice both;
    both.config = "a.yaml";
    both.plugins = {"a.so"};
    EXPECT_EQ(refusal(both).code, ExitCode::usage);
    EXPECT_THAT(refusal(both).lines, ElementsAre(HasSubstr("give one of them")));
}

TEST(HostChoice, AConfigurationSaysItsProcessesItself) {
    HostChoice choice;
    choice.config = "a.yaml";
    choice.processes = 4;
    EXPECT_THAT(refusal(choice).lines, ElementsAre(HasSubstr("-j and --start-method go with --plugin")));
}

TEST(HostChoice, AMissingPluginIsToldWithWhatWasSearched) {
    HostChoice choice;
    choice.plugins = {"no_such_plugin"};
    EXPECT_EQ(refusal(choice).code, ExitCode::usage);
    EXPECT_THAT(refusal(choice).lines, ElementsAre(HasSubstr("no_such_plugin")));
}

TEST(HostChoice, AMissingConfigurationIsAFault) {
    HostChoice choice;
    choice.config = "/nowhere/pools.yaml";
    EXPECT_EQ(refusal(choice).code, ExitCode::usage);
    EXPECT_THAT(refusal(choice).lines, ElementsAre(HasSubstr("/nowhere/pools.yaml")));
}

TEST(FindTask, NamesWhatWasMeant) {
    PlannedPool pool;
    pool.config.name = "main";
    pool.catalog = std::make_shared<catalog::Catalog>();
    EXPECT_TRUE(find_task(pool, "poolhost.ping"));
    const auto missing = find_task(pool, "poolhost.pong");
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message, HasSubstr("did you mean poolhost.ping?"));
}

TEST(StartMethods, OneALineTheDefaultMarked) { EXPECT_EQ(start_methods_text(), "fork\nspawn\nforkserver (default)\n"); }

}  // namespace
}  // namespace poolhost::cli
