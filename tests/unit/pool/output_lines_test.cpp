// SPDX-License-Identifier: Apache-2.0
// What comes out of a worker's pipe, line by line.
#include "pool/output_lines.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace poolhost::pool {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class OutputLinesTest : public ::testing::Test {
protected:
    OutputLinesTest() {
        base::FdPair pipe = base::make_pipe().value();
        writer_ = std::move(pipe.second);
        output_.emplace(loop_, std::move(pipe.first), [this](std::string_view line) { lines_.emplace_back(line); });
    }
    void write(std::string_view text) const {
        ASSERT_EQ(::write(writer_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    void turn() { loop_.run_one(); }

    boost::asio::io_context loop_;
    base::UniqueFd writer_;
    std::vector<std::string> lines_;
    std::optional<OutputLines> output_;
};

TEST_F(OutputLinesTest, GivesOutWholeLines) {
    write("one\ntwo\r\n\nthr");
    turn();
    EXPECT_THAT(lines_, ElementsAre("one", "two", ""));
    write("ee\n");
    turn();
    EXPECT_THAT(lines_, ElementsAre("one", "two", "", "three"));
}

TEST_F(OutputLinesTest, ReadsABoundedPieceInATurn) {
    write(std::string(60'000, '\n'));
    turn();
    EXPECT_THAT(lines_, SizeIs(16 * 1024));
    for (int i = 0; i < 3; ++i) turn();
    EXPECT_THAT(lines_, SizeIs(60'000));
}

TEST_F(OutputLinesTest, GivesOutAnUnfinishedLineWhereACallEnds) {
    write("no end");
    output_->read_to_here();
    EXPECT_THAT(lines_, ElementsAre("no end"));
    output_->read_to_here();
    EXPECT_THAT(lines_, ElementsAre("no end"));
}

TEST_F(OutputLinesTest, GivesOutAnUnfinishedLineAtTheEnd) {
    write("one\nno end");
    writer_.reset();
    turn();
    turn();
    EXPECT_THAT(lines_, ElementsAre("one", "no end"));
}

TEST_F(OutputLinesTest, DoesNotWaitForAGrandchildThatHoldsThePipe) {
    write("last words\nand more");
    output_->finish();
    EXPECT_THAT(lines_, ElementsAre("last words", "and more"));
    EXPECT_THAT(output_->last_lines(), ElementsAre("last words", "and more"));
}

TEST_F(OutputLinesTest, TellsWhatItLeavesUnread) {
    ASSERT_GE(::fcntl(writer_.get(), F_SETPIPE_SZ, 1 << 20), 1 << 20);
    write(std::string(1000, 'x') + "\n");
    write(std::string(300'000, '\n'));
    output_->finish();
    EXPECT_EQ(lines_.back(), "poolhost: " + std::to_string(301'001 - 5 * 16 * 1024) + " more bytes were left unread");
}

TEST_F(OutputLinesTest, CutsALongLineBetweenCharacters) {
    std::string line(longest_line - 1, 'x');
    line += "\xc3\xa4";  // one character of two bytes
    write(line + "tail\n");
    output_->read_to_here();
    EXPECT_THAT(lines_, ElementsAre(std::string(longest_line - 1, 'x'), "\xc3\xa4tail"));
}

TEST_F(OutputLinesTest, CutsGarbageAnywhere) {
    write(std::string(longest_line + 10, '\x80') + "\n");
    output_->read_to_here();
    EXPECT_THAT(lines_, ElementsAre(std::string(longest_line, '\x80'), std::string(10, '\x80')));
}

TEST_F(OutputLinesTest, KeepsBytesAsTheyAre) {
    write(std::string_view("a\0b\xff\x1b\n", 6));
    output_->read_to_here();
    EXPECT_THAT(lines_, ElementsAre(std::string("a\0b\xff\x1b", 5)));
}

TEST_F(OutputLinesTest, RemembersTheNewestLines) {
    for (int i = 0; i < 100; ++i) write(std::to_string(i) + "\n");
    output_->read_to_here();
    EXPECT_THAT(output_->last_lines(), SizeIs(20));
    EXPECT_EQ(output_->last_lines().back(), "99");
}

}  // namespace
}  // namespace poolhost::pool
