// SPDX-License-Identifier: Apache-2.0
// How a line of the log looks, as text and as JSON.
#include "cli/log_lines.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace poolhost::cli {
namespace {

using nlohmann::json;
using pool::WorkerLine;

const WallTime some_time{std::chrono::seconds(1'700'000'000) + std::chrono::milliseconds(7)};

WorkerLine line_of_call(std::string_view text) {
    return {.pool = "thumbs",
            .index = 2,
            .pid = 4711,
            .call = pool::CallId{17},
            .task = "image.thumbnail",
            .stream = WorkerLine::Stream::errors,
            .text = text};
}

std::string text_of(std::string_view text) { return text_line(WorkerLine{.pool = "p", .index = 0, .text = text}); }

TEST(LogLines, TextNamesPoolRankTaskAndCall) {
    EXPECT_EQ(text_line(line_of_call("hello")), "[thumbs 2 image.thumbnail #17] hello");
    EXPECT_EQ(text_line(WorkerLine{.pool = "thumbs", .index = 0, .text = "idle"}), "[thumbs 0] idle");
    EXPECT_EQ(text_line(WorkerLine{.pool = "thumbs", .text = "loading"}), "[thumbs template] loading");
}

TEST(LogLines, TextNamesTheLevelOfWhatATaskLogged) {
    WorkerLine line = line_of_call("careful");
    line.stream = WorkerLine::Stream::log;
    line.level = 2;
    EXPECT_EQ(text_line(line), "[thumbs 2 image.thumbnail #17] warning: careful");
}

TEST(LogLines, TextOfMessages) {
    EXPECT_EQ(text_line(LogMessage{2, "thumbs", "worker 0: gone"}), "poolhost: warning: thumbs: worker 0: gone");
    EXPECT_EQ(text_line(LogMessage{.text = "6 items"}), "poolhost: 6 items");
    EXPECT_EQ(text_line(LogMessage{99, "p", "x"}), "poolhost: error: p: x");
    EXPECT_EQ(text_line(LogMessage{-1, "p", "x"}), "poolhost: debug: p: x");
}

TEST(LogLines, TextCannotForgeAnotherLine) {
    EXPECT_EQ(text_of(std::string_view("a\0b", 3)), "[p 0] a\\x00b");
    EXPECT_EQ(text_of("10 %\r20 %"), "[p 0] 10 %\\x0d20 %");
    EXPECT_EQ(text_of("\x1b[2J\x1b]0;title\x07"), "[p 0] \\x1b[2J\\x1b]0;title\\x07");
    EXPECT_EQ(text_of("\xc2\x9b 2J"), "[p 0] \\xc2\\x9b 2J");
    EXPECT_EQ(text_of("\x1b["), "[p 0] \\x1b[");
    EXPECT_EQ(text_of("\x1b"), "[p 0] \\x1b");
    EXPECT_EQ(text_of("\x7f"), "[p 0] \\x7f");
}

TEST(LogLines, TextKeepsTabsColoursAndOtherAlphabets) {
    EXPECT_EQ(text_of("\ta\x1b[1;31mred\x1b[0m \xc3\xa4 \xe2\x82\xac"),
              "[p 0] \ta\x1b[1;31mred\x1b[0m \xc3\xa4 \xe2\x82\xac");
}

TEST(LogLines, JsonHoldsEveryField) {
    EXPECT_EQ(json_line(line_of_call("hello"), some_time),
              R"({"time":"2023-11-14T22:13:20.007Z","level":"info","pool":"thumbs","worker":2,"pid":4711,"call":"17",)"
              R"("task":"image.thumbnail","stream":"stderr","message":"hello"})");
}

TEST(LogLines, JsonLeavesOutWhatIsNotKnown) {
    EXPECT_EQ(
        json_line(WorkerLine{.pool = "p", .index = 0, .stream = WorkerLine::Stream::output, .text = "x"}, some_time),
        R"({"time":"2023-11-14T22:13:20.007Z","level":"info","pool":"p","worker":0,"stream":"stdout","message":"x"})");
    EXPECT_EQ(json_line(LogMessage{.text = "x"}, some_time),
              R"({"time":"2023-11-14T22:13:20.007Z","level":"info","message":"x"})");
}

TEST(LogLines, JsonNamesATemplate) {
    EXPECT_EQ(json::parse(json_line(WorkerLine{.pool = "p", .text = "x"}, some_time))["worker"], "template");
}

TEST(LogLines, JsonIsJsonWhateverWasWritten) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    const std::string line = json_line(line_of_call(all), some_time);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const json parsed = json::parse(line);
    EXPECT_EQ(parsed["message"].get<std::string>().substr(0, 3), std::string("\0\1\2", 3));
    EXPECT_EQ(json::parse(json_line(line_of_call("a\xff"
                                                 "b"),
                                    some_time))["message"],
              "a\xef\xbf\xbd"
              "b");
}

}  // namespace
}  // namespace poolhost::cli
