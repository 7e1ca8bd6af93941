// SPDX-License-Identifier: Apache-2.0
// How `poolhost map` ends when somebody else ends it, and what it goes on with.
#include "map_program.hpp"

#include <gmock/gmock.h>

#include <sys/inotify.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <fstream>

namespace poolhost::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Args with(const std::string& task, const std::string& plugin_name, Args more = {}) {
    Args args{task, "--plugin", plugin(plugin_name), "-j", "2"};
    args.insert(args.end(), more.begin(), more.end());
    return args;
}

/// Tells when a file grows.
class Growth {
public:
    explicit Growth(const std::filesystem::path& file) : file_(file), events_(::inotify_init1(IN_CLOEXEC)) {
        std::ofstream(file_, std::ios::app).flush();
        ::inotify_add_watch(events_, file_.c_str(), IN_MODIFY);
    }
    ~Growth() { ::close(events_); }
    void wait_for_lines(std::size_t count) const {
        while (lines_of(read_text(file_)).size() < count) {
            std::array<char, 4096> space{};
            ASSERT_GT(::read(events_, space.data(), space.size()), 0);
        }
    }

private:
    std::filesystem::path file_;
    int events_;
};

std::string indexed_squares(std::uint64_t count) {
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i) {
        text += "{\"index\": " + std::to_string(i) + ", \"value\": " + std::to_string(i * i) + "}\n";
    }
    return text;
}

// ---- interrupted

TEST(MapEnds, CtrlCEndsItAtOnceAndLeavesNoProcess) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        Map program(with("slow.sleep", "slow"));
        program.send("0\n1000\n1000\n1000\n");
        EXPECT_EQ(program.read_line(), "0.0");
        program.kill(signal);
        const Ended ended = program.wait();
        EXPECT_EQ(ended.exit_code, 130);
        EXPECT_EQ(ended.out, "");
        EXPECT_THAT(ended.err, HasSubstr("interrupted"));
        EXPECT_TRUE(nobody_is_left());
    }
}

TEST(MapEnds, CtrlCWhileItWaitsForInput) {
    Map program(with("math.square", "math"));
    program.send("3\n");
    EXPECT_EQ(program.read_line(), "9");
    program.kill(SIGINT);
    EXPECT_EQ(program.wait().exit_code, 130);
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapEnds, CtrlCLeavesWhatIsFinishedInTheFile) {
    const Folder folder;
    const std::string out = (folder / "out").string();
    Map program(with("slow.sleep", "slow", {"--out", out, "--progress", "lines"}));
    program.send("0\n1000\n0\n0\n0\n");  // the lines of the last three wait for the second
    program.read_errors_until("4 items");
    program.kill(SIGINT);
    EXPECT_EQ(program.wait().exit_code, 130);
    EXPECT_THAT(lines_of(read_text(out)),
                ElementsAre("{\"index\": 0, \"value\": 0.0}", "{\"index\": 2, \"value\": 0.0}",
                            "{\"index\": 3, \"value\": 0.0}", "{\"index\": 4, \"value\": 0.0}"));
}

TEST(MapEnds, WithItsReader) {
    Map program(with("math.square", "math"));
    program.send(number_lines(5000));
    EXPECT_EQ(program.read_line(), "0");
    program.close_output();
    EXPECT_EQ(program.wait().exit_code, 141);
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapEnds, WithItsReaderEvenWhileNothingIsWritten) {
    Map program(with("slow.sleep", "slow"));
    program.send("0\n1000\n");
    EXPECT_EQ(program.read_line(), "0.0");
    program.close_output();
    EXPECT_EQ(program.wait().exit_code, 141);
    EXPECT_TRUE(nobody_is_left());
}

TEST(MapEnds, NeitherReadsNorGrowsWhileNobodyReadsItsOutput) {
    Map program(with("large.text", "large", {"--progress", "none"}));
    std::string input;
    for (int i = 0; i < 400; ++i) input += "1000000\n";
    program.send(input);
    program.close_input();
    std::size_t size = 0;
    for (int i = 0; i < 400; ++i) size += program.read_line().size();
    EXPECT_EQ(size, 400U * 1'000'002U);
    const Ended ended = program.wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
#ifndef __SANITIZE_ADDRESS__                      // which keeps freed memory for a while
    EXPECT_LT(ended.peak_kilobytes, 390 * 1024);  // 400 MB went through it; the workers' standing buffers stay mapped
#endif
}

// ---- resumed

TEST(MapResume, GoesOnAfterASuddenEndAsIfNothingHadHappened) {
    const Folder folder;
    const std::string out = (folder / "out").string();
    constexpr std::uint64_t count = 50'000;
    const std::string input = number_lines(count);
    {
        const Growth growth(out);
        Map program(with("math.square", "math", {"--out", out}));
        program.send(std::string_view(input).substr(0, input.size() / 2));
        growth.wait_for_lines(1000);
        program.kill(SIGKILL);
        EXPECT_EQ(program.wait().signal, SIGKILL);
        nobody_is_left();
    }
    const std::string before = read_text(out);
    ASSERT_LT(before.size(), indexed_squares(count).size());
    write_text(out, before + "{\"index\": 49999, \"val");  // as if it had been cut within a line
    const Ended ended = map(with("math.square", "math", {"--out", out, "--resume"}), input);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_TRUE(read_text(out) == indexed_squares(count));
}

TEST(MapResume, RunsNothingTwice) {
    const Folder folder;
    const std::string out = (folder / "out").string();
    const std::string done = "{\"index\": 0, \"value\": \"kept\"}\n{\"index\": 2, \"value\": \"kept too\"}\n";
    write_text(out, done);
    const Ended ended = map(with("math.square", "math", {"--out", out, "--resume"}), "5\n6\n7\n");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(read_text(out), done + "{\"index\": 1, \"value\": 36}\n");
}

TEST(MapResume, KeepsFailuresUnlessTheyAreToBeRetried) {
    const Folder folder;
    const std::string out = (folder / "out").string();
    const Args task = with("throwing.unless_negative", "throwing", {"--out", out});
    EXPECT_EQ(map(task, "1\n-2\n3\n").exit_code, 1);
    const std::string first = read_text(out);
    ASSERT_THAT(lines_of(first), SizeIs(3));

    Args resume = task;
    resume.emplace_back("--resume");
    EXPECT_EQ(map(resume, "1\n-2\n3\n").exit_code, 1);
    EXPECT_EQ(read_text(out), first);

    Args retry = task;
    retry.emplace_back("--retry-failed");
    EXPECT_EQ(map(retry, "1\n-2\n3\n").exit_code, 1);
    const auto lines = lines_of(read_text(out));
    EXPECT_THAT(lines, ElementsAre(lines_of(first)[0], lines_of(first)[2], lines_of(first)[1]));
}

TEST(MapResume, NeverOverwritesResults) {
    const Folder folder;
    const std::string out = (folder / "out").string();
    write_text(out, "{\"index\": 0, \"value\": 1}\n");
    const Ended ended = map(with("math.square", "math", {"--out", out}), "1\n");
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("--resume"));
    EXPECT_EQ(read_text(out), "{\"index\": 0, \"value\": 1}\n");
}

TEST(MapResume, NoticesAnotherInput) {
    const Folder folder;
    const std::string out = (folder / "out").string();
    const std::string failed = "{\"index\": 1, \"item\": -7, \"error\": {\"kind\": \"task_error\"}}\n";
    for (const char* how : {"--resume", "--retry-failed"}) {
        write_text(out, failed);
        const Ended other = map(with("throwing.unless_negative", "throwing", {"--out", out, how}), "1\n2\n3\n");
        EXPECT_EQ(other.exit_code, 2) << how;
        EXPECT_THAT(other.err, HasSubstr("item 1"));
    }
    write_text(out, failed);
    const Ended shorter = map(with("throwing.unless_negative", "throwing", {"--out", out, "--resume"}), "1\n");
    EXPECT_EQ(shorter.exit_code, 2);
    EXPECT_THAT(shorter.err, HasSubstr("only 1"));
}

TEST(MapResume, RefusesAFileThatIsSomethingElse) {
    const Folder folder;
    const std::string out = (folder / "notes.txt").string();
    write_text(out, "{\"index\": 0, \"value\": 1}\nbuy milk\n");
    const Ended ended = map(with("math.square", "math", {"--out", out, "--resume"}), "1\n");
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_THAT(ended.err, HasSubstr("notes.txt:2"));
    EXPECT_EQ(read_text(out), "{\"index\": 0, \"value\": 1}\nbuy milk\n");
}

// ---- files

TEST(MapFiles, HoldTheBytesThatTasksReturn) {
    const Folder folder;
    const std::string names = (folder / "made/on/demand/{#}.bin").string();
    const Ended ended = map(with("large.bytes", "large", {"--output", names}), "3\n0\n2000000\n");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto made = folder / "made/on/demand";
    EXPECT_EQ(read_text(made / "1.bin"), "ZZZ");
    EXPECT_EQ(read_text(made / "2.bin"), "");
    EXPECT_EQ(read_text(made / "3.bin"), std::string(2'000'000, 'Z'));
    EXPECT_EQ(ended.out, '"' + (made / "1.bin").string() + "\"\n\"" + (made / "2.bin").string() + "\"\n\"" +
                             (made / "3.bin").string() + "\"\n");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(made), {}), 3);  // no temporary file is left
}

TEST(MapFiles, TakeSharedMemoryToo) {
    const Folder folder;
    const Ended ended = map(with("large.shared", "large", {"--output", (folder / "{}").string()}), "1\n3000000\n");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(read_text(folder / "1"), "Z");
    EXPECT_EQ(read_text(folder / "3000000"), std::string(3'000'000, 'Z'));
}

TEST(MapFiles, AreNeverWrittenByTwoItems) {
    const Folder folder;
    const Ended ended = map(with("large.bytes", "large", {"--output", (folder / "{}").string()}), "7\n8\n7\n");
    EXPECT_EQ(ended.exit_code, 1);
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_THAT(lines[2], HasSubstr("earlier item"));
    EXPECT_EQ(read_text(folder / "7"), "ZZZZZZZ");
}

TEST(MapFiles, FailAloneWhereTheyCannotBeWritten) {
    const Folder folder;
    std::filesystem::create_directory(folder / "2");
    const Ended ended = map(with("large.bytes", "large", {"--output", (folder / "{}").string()}), "1\n2\n3\n");
    EXPECT_EQ(ended.exit_code, 1);
    const auto lines = lines_of(ended.out);
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_THAT(lines[1], HasSubstr("error"));
    EXPECT_EQ(read_text(folder / "3"), "ZZZ");
}

TEST(MapFiles, ComeOutTheSameAfterAnInterruption) {
    const Folder folder;
    const std::string out = (folder / "results").string();
    const Args task = with("large.bytes", "large", {"--output", (folder / "files/{#}").string(), "--out", out});
    const std::string input = number_lines(300, 1);
    {
        const Growth growth(out);
        Map program(task);
        program.send(std::string_view(input).substr(0, 700));
        growth.wait_for_lines(100);
        program.kill(SIGKILL);
        program.wait();
        nobody_is_left();
    }
    Args resume = task;
    resume.emplace_back("--resume");
    const Ended ended = map(resume, input);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_THAT(lines_of(read_text(out)), SizeIs(300));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "files"), {}), 300);
    for (std::size_t i = 1; i <= 300; ++i) {
        EXPECT_EQ(std::filesystem::file_size(folder / ("files/" + std::to_string(i))), i);
    }
}

}  // namespace
}  // namespace poolhost::test
