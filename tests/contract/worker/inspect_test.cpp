// SPDX-License-Identifier: Apache-2.0
// The disposable process that loads a plugin to look at it.
#include "contract/worker/host_end.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>

#include <sys/wait.h>

namespace poolhost::test {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

struct Inspection {
    std::string output;  // and errors
    int code = 0;        // or minus the signal
};

Inspection run(const std::string& arguments) {
    const std::string command = "exec " WORKER_PROGRAM " " + arguments + " 2>&1";
    FILE* const program = ::popen(command.c_str(), "r");
    Inspection seen;
    std::array<char, 4096> part{};
    while (const std::size_t size = std::fread(part.data(), 1, part.size(), program)) {
        seen.output.append(part.data(), size);
    }
    const int status = ::pclose(program);
    seen.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return seen;
}

TEST(Inspect, ListsWhatIsInTheTable) {
    const Inspection seen = run("inspect " + test_plugin("well_behaved"));
    EXPECT_EQ(seen.code, 0);
    const Json plugin = Json::parse(seen.output);
    EXPECT_EQ(plugin["name"], "well_behaved");
    EXPECT_EQ(plugin["version"], "1.2.3");
    EXPECT_EQ(plugin["abi"], "1.0");
    EXPECT_EQ(plugin["fork_safe"], true);
    EXPECT_EQ(plugin["tasks"][1], Json({{"name", "same"}, {"idempotent", true}, {"timeout_ns", 1'500'000'000}}));
}

TEST(Inspect, WorksWithoutAManifest) {
    EXPECT_EQ(Json::parse(run("inspect " + test_plugin("no_manifest")).output)["name"], "no_manifest");
}

TEST(Inspect, SaysWhyAPluginDoesNotLoad) {
    const Inspection missing = run("inspect " + test_plugin("missing_library"));
    EXPECT_EQ(missing.code, 1);
    EXPECT_THAT(missing.output, HasSubstr("poolhost_test_absent"));
    EXPECT_EQ(run("inspect " + test_plugin("no_plugin")).code, 1);
    EXPECT_EQ(run("inspect /no/such/file").code, 1);
}

TEST(Inspect, DiesAloneWithAPluginThatCrashes) { EXPECT_NE(run("inspect " + test_plugin("load_crashes")).code, 0); }

TEST(WorkerProgram, SaysThatItIsNotForPeople) {
    for (const char* arguments : {"", "nonsense", "inspect", "worker </dev/null", "worker more"}) {
        const Inspection seen = run(arguments);
        EXPECT_EQ(seen.code, 2) << arguments;
        EXPECT_THAT(seen.output, HasSubstr("started by poolhost")) << arguments;
    }
}

}  // namespace
}  // namespace poolhost::test
