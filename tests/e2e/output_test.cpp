// SPDX-License-Identifier: Apache-2.0
// Workers' output on standard error, as text and as JSON, with readers that are slow or gone.
#include "program.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace poolhost::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class OutputUnder : public testing::TestWithParam<const char*> {
protected:
    Command with_config(const Args& words, const std::string& log, const std::string& vice = "chatter") {
        write_text(folder_ / "pools.yaml", "start_method: " + std::string(GetParam()) + "\nlog: " + log +
                                               "\npools:\n  main:\n    processes: 1\n    plugins: [" + plugin(vice) +
                                               "]\n");
        Command command;
        command.words = words;
        command.words.insert(command.words.end(), {"--config", (folder_ / "pools.yaml").string()});
        return command;
    }

    Folder folder_;
};
INSTANTIATE_TEST_SUITE_P(EveryStartMethod, OutputUnder, testing::Values("spawn", "fork", "forkserver"),
                         [](const auto& each) { return std::string(each.param); });

std::vector<json> objects(const std::string& lines) {
    std::vector<json> parsed;
    for (const std::string& line : lines_of(lines)) {
        EXPECT_TRUE(json::accept(line)) << line;
        if (json::accept(line)) parsed.push_back(json::parse(line));
    }
    return parsed;
}

TEST_P(OutputUnder, TextLinesNamePoolRankTaskAndCall) {
    const Ended ended = run(with_config({"call", "chatter.to_output", "2"}, "{}"));
    EXPECT_EQ(ended.out, "2\n") << "results and nothing else";
    EXPECT_THAT(lines_of(ended.err), Contains(MatchesRegex(R"(\[main 0 chatter\.to_output #[0-9]+\] line 1 of talk)")));
}

TEST_P(OutputUnder, JsonIsOneObjectALine) {
    const Ended ended = run(with_config({"call", "chatter.to_error", "2", "--json"}, "{format: json}"));
    const json outcome = json::parse(ended.out);
    std::vector<json> words;
    for (const json& line : objects(ended.err)) {
        if (line.value("task", "") == "chatter.to_error") words.push_back(line);
    }
    ASSERT_EQ(words.size(), 2U) << ended.err;
    EXPECT_THAT(words[1]["time"].get<std::string>(),
                MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z"));
    EXPECT_EQ(words[1]["level"], "info");
    EXPECT_EQ(words[1]["pool"], "main");
    EXPECT_EQ(words[1]["worker"], 0);
    EXPECT_EQ(words[1]["pid"], outcome["worker"]["pid"]);
    EXPECT_EQ(words[1]["call"], outcome["id"]);
    EXPECT_EQ(words[1]["stream"], "stderr");
    EXPECT_EQ(words[1]["message"], "line 1 of talk");
}

TEST_P(OutputUnder, JsonTakesWhateverIsWritten) {
    for (const char* task : {"chatter.garbage", "chatter.unfinished"}) {
        const Ended ended = run(with_config({"call", task}, "{format: json}"));
        EXPECT_EQ(ended.exit_code, 0);
        EXPECT_FALSE(objects(ended.err).empty());
    }
    const Ended lines = run(with_config({"call", "chatter.one_long_line", "100000"}, "{format: json}"));
    std::size_t size = 0;
    for (const json& line : objects(lines.err)) {
        if (line.contains("task")) size += line["message"].get<std::string>().size();
    }
    EXPECT_EQ(size, 100'000U);
}

TEST_P(OutputUnder, JsonHoldsWhatACommandSaysToo) {
    Command command = with_config({"map", "chatter.log", "--progress", "lines"}, "{format: json}");
    command.input = "one\ntwo\n";
    const std::vector<json> lines = objects(run(command).err);
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines[0]["level"], "warning");
    EXPECT_EQ(lines[0]["stream"], "log");
    EXPECT_EQ(lines[0]["message"], "one");
}

TEST_P(OutputUnder, TheLevelLeavesOutWhatTasksLogAndNotWhatTheyWrite) {
    EXPECT_THAT(run(with_config({"call", "chatter.log", "careful"}, "{level: error}")).err, Not(HasSubstr("careful")));
    EXPECT_THAT(run(with_config({"call", "chatter.to_error", "1"}, "{level: error}")).err, HasSubstr("line 0 of talk"));
}

TEST_P(OutputUnder, WhatPreloadingPrintsNamesThePool) {
    const Ended ended = run(with_config({"call", "loud.same", "1"}, "{}", "loud"));
    EXPECT_EQ(ended.out, "1\n") << "results and nothing else";
    const std::string who = std::string(GetParam()) == "spawn" ? "main 0" : "main template";
    EXPECT_THAT(lines_of(ended.err),
                AllOf(Contains("[" + who + "] loading on stdout"), Contains("[" + who + "] preloading on stderr"),
                      Contains("[" + who + "] preloading on stdout, without an end")));
}

// Whoever started the program may not read its standard error at all: no pipe holds 20 MB.
TEST_P(OutputUnder, AReaderThatDoesNotReadHoldsUpNobodyAndIsToldWhatItMissed) {
    constexpr std::uint64_t written = 20'000;
    Running running(with_config({"call", "chatter.numbered", std::to_string(written), "1000"}, "{}"));
    EXPECT_EQ(running.read_output_line(), "null");
    const Ended ended = running.wait();
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_LT(lines_of(ended.err).size(), written);
}

TEST_P(OutputUnder, AFloodLosesNothingUncounted) {
    constexpr std::uint64_t written = 20'000;
    Command command = with_config({"call", "chatter.numbered", std::to_string(written), "1000"}, "{format: json}");
    Running running(command);
    std::uint64_t seen = 0;
    std::uint64_t dropped = 0;
    for (const json& line : objects(running.wait_slowly().err)) {
        const std::string message = line["message"];
        if (line.contains("task")) ++seen;
        if (message.ends_with(" lines were dropped here")) dropped += std::stoull(message);
    }
    EXPECT_EQ(seen + dropped, written);
}

}  // namespace
}  // namespace poolhost::test
