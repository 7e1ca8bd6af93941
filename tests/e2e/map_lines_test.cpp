// SPDX-License-Identifier: Apache-2.0
// What comes out of `poolhost map` for what goes in.
#include "map_program.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace poolhost::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Args with(const std::string& task, const std::string& plugin_name, Args more = {}) {
    Args args{task, "--plugin", plugin(plugin_name), "-j", "2"};
    args.insert(args.end(), more.begin(), more.end());
    return args;
}

std::string squares(std::uint64_t count) {
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i) text += std::to_string(i * i) += '\n';
    return text;
}

TEST(MapLines, ComeInTheOrderOfTheInput) {
    const Ended ended = map(with("math.square", "math"), number_lines(5000));
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(ended.out, squares(5000));
    EXPECT_EQ(ended.err, "");
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapLines, AreTheSameForAMillionItemsInAFile) {
    const Folder folder;
    write_text(folder / "in", number_lines(1'000'000));
    const Ended ended = map_file(with("math.square", "math"), folder / "in");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_TRUE(ended.out == squares(1'000'000));
#ifndef __SANITIZE_ADDRESS__  // which keeps freed memory for a while
    EXPECT_LT(ended.peak_kilobytes, 100 * 1024);
#endif
}

TEST(MapLines, StayInOrderWhenTheFirstItemIsTheSlowest) {
    const Ended ended = map(with("slow.sleep", "slow"), "0.2\n0\n0.01\n0\n");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(lines_of(ended.out), ElementsAre("0.2", "0.0", "0.01", "0.0"));
}

TEST(MapLines, SayTheirItemWhereTheyComeAsTheyFinish) {
    const Ended ended = map(with("math.square", "math", {"--unordered"}), number_lines(2000));
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    std::vector<bool> seen(2000);
    for (const std::string& line : lines_of(ended.out)) {
        const json parsed = json::parse(line);
        const auto index = parsed.at("index").get<std::size_t>();
        EXPECT_EQ(parsed.at("value"), index * index);
        seen.at(index) = true;
    }
    EXPECT_THAT(seen, testing::Each(true));
}

TEST(MapLines, SayTheirItemWhenAskedForJson) {
    const Ended ended = map(with("math.square", "math", {"--json"}), "3\n\"x\"\n");
    EXPECT_EQ(ended.exit_code, 1);
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0], R"({"index": 0, "value": 9})");
    const json failed = json::parse(lines[1]);
    EXPECT_EQ(failed.at("index"), 1);
    EXPECT_EQ(failed.at("item"), "x");
    EXPECT_EQ(failed.at("error").at("kind"), "bad_arguments");
}

TEST(MapLines, HaveAFailureInItsPlaceAndCountIt) {
    const Ended ended = map(with("throwing.unless_negative", "throwing"), "1\n-2\n3\n");
    EXPECT_EQ(ended.exit_code, 1);
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_EQ(lines[0], "1");
    EXPECT_EQ(lines[2], "3");
    const json failed = json::parse(lines[1]);
    EXPECT_EQ(failed.at("error").at("kind"), "task_error");
    EXPECT_EQ(failed.at("error").at("message"), "negative");
    EXPECT_EQ(failed.size(), 1U);
    EXPECT_THAT(ended.err, HasSubstr("3 items"));
    EXPECT_THAT(ended.err, HasSubstr("1 failed"));
}

TEST(MapLines, StopAtTheFirstFailureWhereThatIsWanted) {
    std::string input = number_lines(2000, 1) + "-1\n" + number_lines(100'000);
    const Ended ended = map(with("throwing.unless_negative", "throwing", {"--fail-fast"}), input);
    EXPECT_EQ(ended.exit_code, 1);
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(2001));
    EXPECT_EQ(lines[1999], "2000");
    EXPECT_THAT(lines[2000], HasSubstr("negative"));
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapLines, FailFastWaitsForNothingThatComesLater) {
    const Ended ended = map(with("slow.sleep", "slow", {"--fail-fast"}), "0\n\"x\"\n1000\n1000\n");
    EXPECT_EQ(ended.exit_code, 1);
    ASSERT_THAT(lines_of(ended.out), SizeIs(2));
    EXPECT_THAT(lines_of(ended.out)[1], HasSubstr("bad_arguments"));
}

TEST(MapLines, SurviveAWorkersCrash) {
    const Ended ended = map(with("crash.unless", "crash", {"{}", "1234"}), number_lines(3000));
    EXPECT_EQ(ended.exit_code, 1);
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(3000));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i == 1234) continue;
        EXPECT_EQ(lines[i], std::to_string(i));
    }
    const json lost = json::parse(lines[1234]);
    EXPECT_EQ(lost.at("error").at("kind"), "worker_lost");
    EXPECT_EQ(lost.at("error").at("signal"), "SIGABRT");
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapLines, NeedNoLineEndAfterTheLastItem) { EXPECT_EQ(map(with("math.square", "math"), "7\n8").out, "49\n64\n"); }

TEST(MapLines, AreNoneForAnEmptyInput) {
    const Ended ended = map(with("math.square", "math"), "");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.out, IsEmpty());
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapLines, AnEmptyLineIsNoJson) {
    const Ended ended = map(with("math.square", "math"), "1\n\n3\n");
    EXPECT_EQ(ended.exit_code, 1);
    ASSERT_THAT(lines_of(ended.out), SizeIs(3));
    EXPECT_THAT(lines_of(ended.out)[1], HasSubstr("bad_arguments"));
}

TEST(MapLines, TakeTheLineAsTextForAString) {
    const Ended ended = map(with("text.word_count", "text"), "one two\n\n\"quoted\"\nno end");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(4));
    EXPECT_EQ(json::parse(lines[0]).at("words"), 2);
    EXPECT_EQ(json::parse(lines[1]).at("bytes"), 0);
    EXPECT_EQ(json::parse(lines[2]).at("bytes"), 8);
    EXPECT_EQ(json::parse(lines[3]).at("words"), 2);
}

TEST(MapLines, TakeItemsThatNulSeparates) {
    const Ended ended = map(with("text.word_count", "text", {"--null"}), {"a\nb c\0d\0", 8});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(json::parse(lines[0]).at("words"), 3);
    EXPECT_EQ(json::parse(lines[1]).at("words"), 1);
}

TEST(MapLines, SpreadAnArrayOverTheArguments) {
    const Ended ended = map(with("math.divide", "math", {"--starmap"}), "[7, 2]\n[9, 3]\n[1, 0]\n[1]\n");
    EXPECT_EQ(ended.exit_code, 1);
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(4));
    EXPECT_EQ(lines[0], "3");
    EXPECT_EQ(lines[1], "3");
    EXPECT_THAT(lines[2], HasSubstr("division by zero"));
    EXPECT_THAT(lines[3], HasSubstr("bad_arguments"));
}

TEST(MapLines, PutItemsIntoTemplates) {
    const Ended ended = map(with("math.add", "math", {"{}", "{#}000"}), "5\n6\n");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(lines_of(ended.out), ElementsAre("1005.0", "2006.0"));
}

TEST(MapLines, TakeTheBytesOfTheFilesThatItemsName) {
    const Folder folder;
    write_text(folder / "small", "abc");
    write_text(folder / "large", std::string(3'000'000, 'x'));
    const std::string missing = (folder / "missing").string();
    const std::string input = (folder / "small").string() + "\n" + missing + "\n" + (folder / "large").string() + "\n";
    const Ended ended = map(with("large.size", "large", {"@{}"}), input);
    EXPECT_EQ(ended.exit_code, 1);
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_EQ(lines[0], "3");
    EXPECT_EQ(lines[2], "3000000");
    const json unreadable = json::parse(lines[1]);
    EXPECT_EQ(unreadable.at("error").at("kind"), "bad_arguments");
    EXPECT_THAT(unreadable.at("error").at("message").get<std::string>(), HasSubstr(missing));
}

TEST(MapLines, TakeOneLineOfFiftyMegabytes) {
    std::string line;
    line.resize(50'000'000, 'x');
    const Ended ended = map(with("text.word_count", "text"), "a\n" + line + "\nb\n");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_EQ(json::parse(lines[1]).at("bytes"), 50'000'000);
}

TEST(MapLines, MayBeLarge) {
    const Ended ended = map(with("large.text", "large"), "10\n5000000\n20\n");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_EQ(lines[1].size(), 5'000'002U);
    EXPECT_EQ(lines[2], '"' + std::string(20, 'x') + '"');
}

TEST(MapLines, AreTheSameUnderEveryStartMethod) {
    for (const char* method : {"spawn", "fork", "forkserver"}) {
        const Ended ended = map(with("math.square", "math", {"--start-method", method}), number_lines(100));
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        EXPECT_EQ(ended.out, squares(100)) << method;
    }
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapLines, SaySoOnceWhatWouldFailForEveryItem) {
    for (const Args& args :
         {with("math.squrae", "math"), with("math.divide", "math"), with("math.square", "math", {"1", "2"}),
          with("math.square", "math", {"--output", "{#}.bin"}), with("math.square", "math", {"--resume"}),
          with("math.square", "math", {"@-"}), with("math.square", "math", {"--starmap", "{}"}),
          with("large.bytes", "large", {"--output", "one.bin"}), with("math.square", "math", {"--nonsense"})}) {
        const Ended ended = map(args, "1\n2\n");
        EXPECT_EQ(ended.exit_code, 2) << testing::PrintToString(args) << ended.err;
        EXPECT_EQ(ended.out, "");
        EXPECT_NE(ended.err, "");
    }
    EXPECT_THAT(map(with("math.squrae", "math"), "").err, HasSubstr("math.square"));
}

TEST(MapLines, AreNoneWhereNoWorkerStarts) {
    const Ended ended = map(with("start_fails.same", "start_fails"), number_lines(1000));
    EXPECT_EQ(ended.exit_code, 3) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err, "");
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapLines, AreCountedAlongTheWay) {
    const Ended ended = map(with("slow.sleep", "slow", {"--progress", "lines", "--total", "4"}), "0\n0\n1.2\n0\n");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("/4"));
    EXPECT_THAT(ended.err, HasSubstr("waits for workers"));
    EXPECT_THAT(ended.err, HasSubstr("4 items in"));
}

}  // namespace
}  // namespace poolhost::test
