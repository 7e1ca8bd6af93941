// SPDX-License-Identifier: Apache-2.0
// From a call that goes wrong in a pool, by its capsule, to the same again at a desk.
#include "kept_call.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace poolhost::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

class KeptByAHost : public testing::TestWithParam<const char*> {
protected:
    ~KeptByAHost() override { EXPECT_TRUE(nobody_is_left()); }

    /// Calls with a configuration of one pool, whose capsules lie in the test's folder.
    json call(const std::string& plugin_name, const Args& words, const std::string& pool_keys) {
        const auto config = folder_ / "pools.yaml";
        write_text(config, "capsules: {dir: capsules}\npools:\n  kept:\n    plugins: [" + plugin(plugin_name) +
                               "]\n    start_method: " + GetParam() + "\n    processes: 1\n" + pool_keys);
        Args all{"call", "--json", "--config", config};
        all.insert(all.end(), words.begin(), words.end());
        const Ended ended = run(all);
        EXPECT_EQ(ended.exit_code, 1) << ended.err;
        return json::parse(ended.out);
    }
    [[nodiscard]] std::vector<std::string> capsules() const {
        std::vector<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder_ / "capsules"))
            files.push_back(entry.path());
        return files;
    }

    Folder folder_;
};

TEST_P(KeptByAHost, ACrashHappensAgainInTheSameFunction) {
    const json error = call("crash", {"crash.abort"}, "    env: {KEPT: \"as it was\"}\n")["error"];
    ASSERT_TRUE(error["capsule"].is_string()) << error.dump(2);
    const std::string file = error["capsule"];
    EXPECT_THAT(capsules(), testing::ElementsAre(file));
    EXPECT_THAT(std::filesystem::path(file).filename().string(), HasSubstr("-crash.abort-crash-"));

    const json kept = json::parse(replay(file, {"--show"}).out);
    EXPECT_EQ(kept["signal"], "SIGABRT");
    EXPECT_EQ(kept["stack"], error["stack"]);
    EXPECT_EQ(kept["worker"]["env"]["KEPT"], "as it was");
    EXPECT_EQ(kept["worker"]["start_method"], GetParam());

    const Ended again = replay(file);
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_THAT(again.err, AllOf(HasSubstr("worker_lost"), HasSubstr("SIGABRT")));
    const auto names_task = [](const json& frame) {
        return frame.get<std::string>().find("libcrash.so") != std::string::npos;
    };
    const auto frame = std::ranges::find_if(error["stack"], names_task);
    ASSERT_NE(frame, error["stack"].end()) << error.dump(2);
    EXPECT_THAT(again.err, HasSubstr(frame->get<std::string>()));
    EXPECT_THAT(capsules(), SizeIs(1)) << "replay keeps none of its own";
}

TEST_P(KeptByAHost, ATimeoutHappensAgain) {
    const json error = call("hang", {"hang.sleep"}, "    timeout: 300ms\n    grace: 100ms\n")["error"];
    EXPECT_EQ(error["kind"], "timeout") << error.dump(2);
    ASSERT_THAT(capsules(), SizeIs(1));
    const std::string file = capsules().front();
    EXPECT_EQ(json::parse(replay(file, {"--show"}).out)["timeout_s"], 0.3);
    const Ended again = replay(file);
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_THAT(again.err, HasSubstr("timeout"));
}

TEST_P(KeptByAHost, ALargeInputIsKeptWhole) {
    const auto input = folder_ / "input";
    write_text(input, std::string(3'000'000, 'x'));
    const json error = call("crash", {"crash.abort_with", "@" + input.string()}, "")["error"];
    ASSERT_TRUE(error["capsule"].is_string()) << error.dump(2);
    const std::string file = error["capsule"];
    const auto into = folder_ / "extracted";
    ASSERT_EQ(replay(file, {"--extract", into}).exit_code, 0);
    const json arguments = json::parse(read_text(into / "arguments.json"));
    EXPECT_EQ(read_text(into / arguments[0]["$file"].get<std::string>()), read_text(input));
    EXPECT_THAT(replay(file).err, HasSubstr("SIGABRT"));
}

INSTANTIATE_TEST_SUITE_P(StartMethods, KeptByAHost, testing::Values("spawn", "fork", "forkserver"),
                         [](const auto& method) { return std::string(method.param); });

}  // namespace
}  // namespace poolhost::test
