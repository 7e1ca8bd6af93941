// SPDX-License-Identifier: Apache-2.0
// A log whose reader is slow, gone, or away for good.
#include "base/log.hpp"

#include "base/fd.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

namespace poolhost::base {
namespace {

using ::testing::HasSubstr;

class LogTest : public ::testing::Test {
protected:
    LogTest() : pipe_(make_pipe().value()) {
        ::signal(SIGPIPE, SIG_IGN);
        ::fcntl(pipe_.first.get(), F_SETFL, O_NONBLOCK);
    }

    std::string read() const {
        std::string text;
        char space[65536];
        for (ssize_t size = 0; (size = ::read(pipe_.first.get(), space, sizeof space)) > 0;) {
            text.append(space, static_cast<std::size_t>(size));
        }
        return text;
    }
    /// Reads and flushes until all is out.
    std::string read_all(Log& log) const {
        std::string text;
        while (!log.flush()) text += read();
        return text + read();
    }
    static std::uint64_t count_lines(const std::string& text, std::string_view beginning) {
        std::uint64_t count = 0;
        for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
            if (text.compare(at, beginning.size(), beginning) == 0) ++count;
        }
        return count;
    }

    FdPair pipe_;
};

TEST_F(LogTest, WritesAtOnce) {
    Log log(pipe_.second.get());
    log.write("one");
    log.write("two");
    EXPECT_EQ(read(), "one\ntwo\n");
}

TEST_F(LogTest, KeepsWhatASlowReaderDoesNotTake) {
    Log log(pipe_.second.get());
    const std::string line(1000, 'x');
    for (int i = 0; i < 500; ++i) log.write(line);
    EXPECT_EQ(log.dropped(), 0U);
    EXPECT_EQ(count_lines(read_all(log), line), 500U);
}

TEST_F(LogTest, CountsWhatItDropsInItsPlace) {
    Log log(pipe_.second.get());
    constexpr std::uint64_t written = 50'000;
    for (std::uint64_t i = 0; i < written; ++i) log.write("line " + std::to_string(i) + std::string(50, '.'));
    const std::uint64_t dropped = log.dropped();
    ASSERT_GT(dropped, 0U);
    std::string text = read_all(log);
    log.write("line after");
    text += read_all(log);
    EXPECT_EQ(count_lines(text, "line "), written - dropped + 1);
    EXPECT_THAT(text,
                HasSubstr("poolhost: warning: " + std::to_string(dropped) + " lines were dropped here\nline after\n"));
}

TEST_F(LogTest, TellsWhatItDroppedThoughNothingFollows) {
    Log log(pipe_.second.get());
    log.tell_dropped_by([](std::uint64_t lines) { return "lost: " + std::to_string(lines); });
    for (int i = 0; i < 3000; ++i) log.write(std::string(1000, 'x'));
    const std::uint64_t dropped = log.dropped();
    EXPECT_THAT(read_all(log), HasSubstr("\nlost: " + std::to_string(dropped) + "\n"));
}

TEST_F(LogTest, ALoopIsAskedOnceForManyLines) {
    Log log(pipe_.second.get());
    int asked = 0;
    log.flush_later([&] { ++asked; });
    for (int i = 0; i < 100; ++i) log.write("line");
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(read(), "");
    EXPECT_TRUE(log.flush());
    EXPECT_EQ(count_lines(read(), "line"), 100U);
    log.write("more");
    EXPECT_EQ(asked, 2);
}

TEST_F(LogTest, ItsEndWaitsForNobodyWhoReadsNothing) {
    {
        Log log(pipe_.second.get());
        for (int i = 0; i < 500; ++i) log.write(std::string(1000, 'x'));
    }
    EXPECT_GE(read().size(), 60'000U) << "what fits into the pipe is there";
}

TEST_F(LogTest, AReaderThatWentAwayHoldsNothingUp) {
    pipe_.first.reset();
    Log log(pipe_.second.get());
    for (int i = 0; i < 5000; ++i) log.write(std::string(1000, 'x'));
    EXPECT_EQ(log.dropped(), 0U);
    EXPECT_TRUE(log.flush());
}

TEST_F(LogTest, ARegularFileTakesEverything) {
    const UniqueFd file(::memfd_create("log", MFD_CLOEXEC));
    {
        Log log(file.get());
        for (int i = 0; i < 5000; ++i) log.write(std::string(999, 'x'));
        EXPECT_EQ(log.dropped(), 0U);
    }
    EXPECT_EQ(::lseek(file.get(), 0, SEEK_END), 5'000'000);
}

}  // namespace
}  // namespace poolhost::base
