// SPDX-License-Identifier: Apache-2.0
// What plugins may ask of their host while they run, and after.
#include "contract/worker/running_worker.hpp"

#include <gmock/gmock.h>
#include <poolhost/plugin.h>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Services : public RunningWorker {};
POOLHOST_FOR_EVERY_BIRTH(Services);

TEST_P(Services, LogLinesComeInOrderAndBeforeTheirResult) {
    HostEnd& host = start({demanding()});
    EXPECT_EQ(host.json("demanding.log_lines", "[3]"), "null");
    EXPECT_THAT(host.log_lines(), ElementsAre("line 0", "line 1", "line 2"));
}

TEST_P(Services, LinesOfThreadsReachTheHost) {
    HostEnd& host = start({demanding()});
    EXPECT_EQ(host.json("demanding.log_from_thread", "[2]"), "null");
    EXPECT_EQ(host.json("poolhost.ping", "[]"), "\"pong\"");
    EXPECT_THAT(host.log_lines(), ElementsAre("line 0", "line 1"));
}

TEST_P(Services, LineWakesAWorkerThatSleeps) {
    HostEnd& host = start({late_logger()});
    const std::string path = "/proc/" + std::to_string(host.pid()) + "/fd/" + host.json("late_logger.start", "[]");
    const base::UniqueFd order(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(order);
    for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(::write(order.get(), "x", 1), 1);
        const auto line = host.hear_a<wire::LogLine>();
        ASSERT_TRUE(line);
        EXPECT_EQ(line->text, "late");
        EXPECT_EQ(line->level, POOLHOST_LOG_INFO);
    }
}

TEST_P(Services, LoggingNeverWaitsForTheHost) {
    HostEnd& host = start({demanding()});
    // Far more than ring and queue hold, none of it read while the task runs.
    const auto sequence = host.submit("demanding.log_from_thread", {{.bytes = "[100000]"}});
    while (channel::read_batch_state(host.batch_word(sequence)).cursor == 0) ::sched_yield();
    ASSERT_TRUE(host.hear_a<Result>());
    EXPECT_EQ(host.json("poolhost.ping", "[]"), "\"pong\"");
    ASSERT_FALSE(host.log_lines().empty());
    EXPECT_THAT(host.log_lines().back(), HasSubstr("log lines were dropped"));
    EXPECT_LT(host.log_lines().size(), 10'000U);
}

TEST_P(Services, LongLinesAreCut) {
    HostEnd& host = start({demanding()});
    EXPECT_EQ(host.json("demanding.log_long_line", "[10000000]"), "null");
    ASSERT_EQ(host.log_lines().size(), 1U);
    EXPECT_LT(host.log_lines()[0].size(), 10'000U);
}

TEST_P(Services, LargePartialResultComesThroughABuffer) {
    HostEnd& host = start({demanding()});
    host.submit("demanding.emit_text", {{.bytes = "[100000]"}});
    const auto emitted = host.hear_a<Emitted>();
    ASSERT_TRUE(emitted);
    EXPECT_EQ(emitted->head.flags, wire::result_in_buffer);
    EXPECT_EQ(emitted->value, '"' + std::string(100'000, 'x') + '"');
    EXPECT_EQ(host.hear_a<Result>()->value, "null");
    EXPECT_THAT(host.log_lines(), IsEmpty());
}

TEST_P(Services, PartialResultInMemoryOfTheFinalOneIsDroppedWithAWarning) {
    HostEnd& host = start({demanding()});
    const Result result = host.call("demanding.emit_array", {.bytes = "[]"}, wire::ResultEncoding::messagepack);
    EXPECT_EQ(result.value, "\xc0");
    EXPECT_THAT(host.log_lines(), ElementsAre(HasSubstr("a partial result was dropped")));
}

// A hundred of a mebibyte each, read one by one: the worker holds no more than its bound, and uses buffers again.
TEST_P(Services, LargePartialResultsWaitUntilTheyAreRead) {
    HostEnd& host = start({demanding()});
    host.submit("demanding.emit_many", {{.bytes = "[100, 1000000]"}});
    for (std::uint64_t part = 0; part < 100; ++part) {
        const auto emitted = host.hear_a<Emitted>();
        ASSERT_TRUE(emitted);
        ASSERT_EQ(emitted->value.size(), 1'000'002U);
        ASSERT_EQ(emitted->value[1], static_cast<char>('a' + part % 26));
    }
    EXPECT_EQ(host.hear_a<Result>()->value, "null");
}

TEST_P(Services, ProgressOfSeveralThreadsIsNeverTorn) {
    HostEnd& host = start({demanding()});
    host.submit("demanding.progress_from_threads", {{.bytes = "[]"}});
    EXPECT_EQ(host.hear_a<Result>()->value, "false");
    const auto& progress = host.channel().worker_control().progress;
    EXPECT_EQ(progress.version.load(), 4000U);
    EXPECT_EQ(progress.fraction.load(), 0.25);
    std::string note;
    for (const auto& character : progress.note) note += character.load();
    EXPECT_THAT(note, testing::StartsWith("from a thread"));
    EXPECT_EQ(note.back(), '\0');
}

TEST_P(Services, DeadlineIsTheTimeoutOfTheCall) {
    HostEnd& host = start({demanding()});
    EXPECT_EQ(host.json("demanding.deadline_in_ns", "[]"), "0");
    const Result result = host.call("demanding.deadline_in_ns", {.bytes = "[]", .timeout_ns = 3'600'000'000'000});
    EXPECT_GT(std::stoll(result.value), 3'000'000'000'000);
    EXPECT_LE(std::stoll(result.value), 3'600'000'000'000);
}

}  // namespace
}  // namespace poolhost::test
