// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"
#include "cli/option_values.hpp"

#include <gmock/gmock.h>

namespace poolhost::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

using Lines = std::vector<std::string>;

std::string wrong(const Lines& words) {
    const auto line = parse_call(words);
    if (line) return "nothing is wrong";
    EXPECT_EQ(line.error().code, ExitCode::usage);
    return line.error().text;
}

TEST(CallOptions, AreReadInAnyOrder) {
    const auto line = parse_call(Lines{"--plugin", "a.so", "math.add", "-7", "--plugin=b.so", "-j", "3", "[1,2]",
                                       "--start-method", "spawn", "--pool", "p", "--timeout", "500ms", "--deadline",
                                       "2s", "--json", "--output", "out"});
    ASSERT_TRUE(line) << line.error().text;
    EXPECT_EQ(line->options.task, "math.add");
    EXPECT_THAT(line->options.args, ElementsAre("-7", "[1,2]"));
    EXPECT_THAT(line->host.plugins, ElementsAre("a.so", "b.so"));
    EXPECT_EQ(line->host.processes, 3U);
    EXPECT_EQ(line->host.method, base::StartMethod::spawn);
    EXPECT_EQ(line->options.pool, "p");
    EXPECT_EQ(line->options.timeout, milliseconds(500));
    EXPECT_EQ(line->options.deadline, seconds(2));
    EXPECT_TRUE(line->options.json);
    EXPECT_EQ(line->options.output, "out");
}

TEST(CallOptions, AJsonArrayIsOneValue) {
    EXPECT_EQ(parse_call(Lines{"t", "--args", "[1,2]"})->options.json_args, "[1,2]");
    EXPECT_EQ(parse_call(Lines{"t", "--args=[1,2]"})->options.json_args, "[1,2]");
}

TEST(CallOptions, AreExplainedWhereTheyAreWrong) {
    EXPECT_THAT(wrong({}), HasSubstr("TASK is missing"));
    EXPECT_THAT(wrong({"t", "--jsno"}), HasSubstr("no option --jsno; did you mean --json?"));
    EXPECT_THAT(wrong({"t", "--timeout", "30"}), HasSubstr("--timeout"));
    EXPECT_THAT(wrong({"t", "--timeout", "0"}), HasSubstr("--timeout"));
    EXPECT_THAT(wrong({"t", "-j", "0"}), HasSubstr("-j: '0' is not possible; write a whole number from 1 to 4096"));
    EXPECT_THAT(wrong({"t", "-j", "two"}), HasSubstr("'two'"));
    EXPECT_THAT(wrong({"t", "--start-method", "spwan"}), HasSubstr("did you mean spawn?"));
    EXPECT_THAT(wrong({"t", "--config"}), HasSubstr("--config"));
    EXPECT_THAT(wrong({"t", "--json", "--output", "-"}), HasSubstr("both want standard output"));
    EXPECT_THAT(wrong({"t", "1", "--args", "[1]"}), HasSubstr("--args gives all arguments"));
}

TEST(CallOptions, HelpIsNoFault) {
    const auto line = parse_call(Lines{"--help"});
    ASSERT_FALSE(line);
    EXPECT_EQ(line.error().code, ExitCode::success);
    EXPECT_THAT(line.error().text, HasSubstr("Usage: poolhost call TASK"));
    EXPECT_THAT(line.error().text, HasSubstr("Examples:"));
}

TEST(MapOptions, AreReadInAnyOrder) {
    const auto line = parse_map(Lines{"image.thumbnail", "@{}", "256", "--output", "x/{/.}.jpg", "--out", "r.jsonl",
                                      "--resume", "--progress", "bar", "--total", "10", "--null", "--unordered"});
    ASSERT_TRUE(line) << line.error().text;
    EXPECT_THAT(line->options.args, ElementsAre("@{}", "256"));
    EXPECT_EQ(line->options.output, "x/{/.}.jpg");
    EXPECT_EQ(line->options.out, "r.jsonl");
    EXPECT_TRUE(line->options.resume);
    EXPECT_TRUE(line->options.null_separated);
    EXPECT_TRUE(line->options.unordered);
    EXPECT_EQ(line->options.total, 10U);
    EXPECT_EQ(line->options.progress, ProgressMode::bar);
    EXPECT_FALSE(parse_map(Lines{"t", "--progress", "loud"}));
}

TEST(OtherOptions, TakeOneThing) {
    EXPECT_EQ(parse_check(Lines{"a.yaml", "--print"})->output, CheckOutput::effective);
    EXPECT_EQ(parse_check(Lines{"a.yaml"})->config, "a.yaml");
    EXPECT_FALSE(parse_check(Lines{}));
    EXPECT_FALSE(parse_check(Lines{"a", "b"}));
    EXPECT_TRUE(parse_inspect(Lines{"--load", "x.so", "--json"})->load);
    EXPECT_EQ(parse_new(Lines{"greeter"})->name, "greeter");
    EXPECT_TRUE(parse_start_methods(Lines{}));
    EXPECT_FALSE(parse_start_methods(Lines{"x"}));
}

}  // namespace
}  // namespace poolhost::cli
