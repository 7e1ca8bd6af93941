// SPDX-License-Identifier: Apache-2.0
#include "cli/map_streams.hpp"
#include "cli/map_output.hpp"
#include "unit/catalog/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <boost/asio/io_context.hpp>
#include <csignal>

namespace poolhost::cli {
namespace {

using tests::TemporaryFolder;
using Kind = Transfer::Kind;

struct Ends {
    base::UniqueFd read;
    base::UniqueFd write;
};

Ends make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

Ends make_socket() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

bool non_blocking(int fd) { return (::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0; }

std::string read_all(int fd, std::size_t size) {
    std::string text(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const ssize_t got = ::read(fd, text.data() + filled, size - filled);
        if (got <= 0) break;
        filled += static_cast<std::size_t>(got);
    }
    text.resize(filled);
    return text;
}

class MapStreams : public testing::Test {
protected:
    void SetUp() override { ::signal(SIGPIPE, SIG_IGN); }

    InputStream input(int fd) {
        return *InputStream::open(loop_, fd, [this] { ++events_; });
    }
    OutputStream output(int fd) {
        return *OutputStream::open(loop_, fd, [this] { ++events_; });
    }
    void run_until_event() {
        const int before = events_;
        while (events_ == before && loop_.run_one() > 0) {
        }
    }

    boost::asio::io_context loop_{1};
    int events_ = 0;
    std::array<char, 64> space_{};
};

TEST_F(MapStreams, ReadAPipeWithoutWaitingAndWithoutChangingIt) {
    for (auto* make : {make_pipe, make_socket}) {
        const Ends ends = make();
        InputStream stream = input(ends.read.get());
        EXPECT_FALSE(stream.size());
        EXPECT_EQ(stream.read(space_).kind, Kind::would_wait);
        EXPECT_FALSE(non_blocking(ends.read.get()));
        stream.wait();
        ASSERT_EQ(::write(ends.write.get(), "abc", 3), 3);
        run_until_event();
        const Transfer got = stream.read(space_);
        EXPECT_EQ(got.kind, Kind::some);
        EXPECT_EQ(got.size, 3U);
        EXPECT_EQ(stream.read(space_).kind, Kind::would_wait);
    }
}

TEST_F(MapStreams, NoticeTheEndOfAPipe) {
    Ends ends = make_pipe();
    InputStream stream = input(ends.read.get());
    stream.wait();
    ends.write.reset();
    run_until_event();
    EXPECT_EQ(stream.read(space_).kind, Kind::end);
}

TEST_F(MapStreams, ReadAFileFromWhereItStands) {
    const TemporaryFolder folder;
    const base::UniqueFd file(::open(folder.write("in", "0123456789").c_str(), O_RDONLY | O_CLOEXEC));
    ::lseek(file.get(), 4, SEEK_SET);
    InputStream stream = input(file.get());
    EXPECT_EQ(stream.size(), 6U);
    EXPECT_EQ(stream.read(space_).size, 6U);
    EXPECT_EQ(stream.read(space_).kind, Kind::end);
}

TEST_F(MapStreams, ReadNothingFromNowhere) {
    const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    InputStream stream = input(null.get());
    EXPECT_EQ(stream.read(space_).kind, Kind::end);
    EXPECT_EQ(output(null.get()).write("x").kind, Kind::some);
    EXPECT_FALSE(InputStream::open(loop_, -1, [] {}));
}

TEST_F(MapStreams, SayWhatCannotBeRead) {
    const base::UniqueFd folder(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const Transfer got = input(folder.get()).read(space_);
    EXPECT_EQ(got.kind, Kind::failed);
    EXPECT_EQ(got.error, EISDIR);
}

TEST_F(MapStreams, WriteUntilThePipeIsFullAndGoOnWhenItIsNot) {
    for (auto* make : {make_pipe, make_socket}) {
        const Ends ends = make();
        OutputStream stream = output(ends.write.get());
        const std::string piece(10'000, 'x');
        std::size_t written = 0;
        Transfer put = stream.write(piece);
        for (; put.kind == Kind::some; put = stream.write(piece)) written += put.size;
        EXPECT_EQ(put.kind, Kind::would_wait);
        EXPECT_FALSE(non_blocking(ends.write.get()));
        stream.wait();
        EXPECT_EQ(read_all(ends.read.get(), written).size(), written);
        run_until_event();
        EXPECT_EQ(stream.write(piece).kind, Kind::some);
    }
}

TEST_F(MapStreams, NoticeThatTheReaderWentAway) {
    Ends ends = make_pipe();
    OutputStream stream = output(ends.write.get());
    EXPECT_FALSE(stream.reader_gone());
    ends.read.reset();
    run_until_event();  // nothing had to be asked for
    EXPECT_TRUE(stream.reader_gone());
    EXPECT_EQ(stream.write("x").kind, Kind::end);

    Ends sockets = make_socket();
    OutputStream socket = output(sockets.write.get());
    sockets.read.reset();
    EXPECT_EQ(socket.write("x").kind, Kind::end);
}

TEST_F(MapStreams, LinesAreKeptWhileNobodyReadsAndNoneIsLost) {
    const Ends ends = make_pipe();
    LineOutput lines(output(ends.write.get()));
    std::string expected;
    std::string seen;
    std::size_t next = 0;
    while (expected.size() < 3'000'000) {
        for (int i = 0; i < 1000; ++i) {
            const std::string line = std::to_string(next++) + "\n";
            lines.lines() += line;
            expected += line;
        }
        lines.flush();
        if (lines.state() == LineOutput::State::blocked) seen += read_all(ends.read.get(), 20'000);
    }
    while (lines.unwritten() > 0) {
        seen += read_all(ends.read.get(), 4096);
        lines.flush();
    }
    EXPECT_EQ(lines.state(), LineOutput::State::flowing);
    seen += read_all(ends.read.get(), expected.size() - seen.size());
    EXPECT_TRUE(seen == expected);
}

TEST_F(MapStreams, LinesSayWhyTheyCannotBeWritten) {
    const base::UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    LineOutput lines(output(full.get()));
    lines.lines() += "x\n";
    lines.flush();
    EXPECT_EQ(lines.state(), LineOutput::State::failed);
    EXPECT_NE(lines.fault().find("No space"), std::string::npos);
}

}  // namespace
}  // namespace poolhost::cli
