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

TEST_P(Services, PartialResultThatIsTooLargeIsDroppedWithAWarning) {
    HostEnd& host = start({demanding()});
    EXPECT_EQ(host.json("demanding.emit_text", "[100000]"), "null");
    EXPECT_THAT(host.log_lines(), ElementsAre(HasSubstr("a partial result was dropped")));
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
