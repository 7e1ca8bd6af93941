// SPDX-License-Identifier: Apache-2.0
// What a worker is at its birth and how it ends: the same for all three starters.
#include "contract/starters/harness.hpp"
#include "process/exit_watch.hpp"
#include "process/pidfd.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace poolhost::test {
namespace {

const rlim_t soft_open_files_at_start = [] {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}();

template <class Method>
class EveryStarter : public StarterTest {
protected:
    std::unique_ptr<process::Starter> starter = Method::obedient(loop);
    Worker worker() { return birth(*starter); }
};
TYPED_TEST_SUITE(EveryStarter, AllStarters, StarterName);

TYPED_TEST(EveryStarter, MakesAChildOfTheHostThatLeadsItsGroup) {
    auto worker = this->worker();
    auto facts = worker.facts();
    const std::string pid = std::to_string(worker.process().pid());
    EXPECT_EQ(facts["pid"], pid);
    EXPECT_EQ(facts["group"], pid);
    EXPECT_EQ(facts["parent"], std::to_string(::getpid()));
    EXPECT_EQ(facts["death_signal"], std::to_string(SIGKILL));
}

TYPED_TEST(EveryStarter, GivesExactlyTheseDescriptorsAndKeepsTwoFromPrograms) {
    const base::UniqueFd of_the_host(::open("/dev/null", O_RDONLY));  // open across exec: must not reach the worker
    auto worker = this->worker();
    EXPECT_EQ(worker.facts()["descriptors"], "0:/dev/null 1:pipe 2:pipe 3:socket:cloexec 4:pipe:cloexec ");
}

TYPED_TEST(EveryStarter, LeavesNoSignalBlockedOrIgnored) {
    struct sigaction ignore {};
    struct sigaction before {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before);
    auto worker = this->worker();
    ::sigaction(SIGPIPE, &before, nullptr);
    auto facts = worker.facts();
    EXPECT_EQ(facts["SigBlk"], "0000000000000000");
    EXPECT_EQ(facts["SigIgn"], "0000000000000000");
#ifndef __SANITIZE_ADDRESS__  // which installs handlers of its own in a new program
    const std::uint64_t of_the_c_library = std::uint64_t{3} << 31U;  // 32 and 33, once a thread was started
    EXPECT_EQ(std::stoull(facts["SigCgt"], nullptr, 16) & ~of_the_c_library, 0U);
#endif
}

TYPED_TEST(EveryStarter, RestoresTheLimitOfOpenFilesAndOffersTheWorkerToTheOomKiller) {
    auto worker = this->worker();
    auto facts = worker.facts();
    rlimit host{};
    ::getrlimit(RLIMIT_NOFILE, &host);
    EXPECT_EQ(host.rlim_cur, host.rlim_max);
    EXPECT_EQ(facts["open_files"], std::to_string(soft_open_files_at_start));
    EXPECT_GE(std::stoi(facts["oom"]), 300);
}

TYPED_TEST(EveryStarter, KeepsDirectoryAndEnvironmentOfTheHost) {
    ::setenv("POOLHOST_TEST", "as in the host", 1);
    auto worker = this->worker();
    ::unsetenv("POOLHOST_TEST");
    auto facts = worker.facts();
    EXPECT_EQ(facts["variable"], "as in the host");
    EXPECT_EQ(facts["directory"], std::filesystem::current_path().string());
}

TYPED_TEST(EveryStarter, BringsOutputAndErrorsAndNothingThatTheTemplateHadBuffered) {
    std::printf("buffered in the host");
    auto worker = this->worker();
    EXPECT_EQ(worker.ask("print"), "printed");
    worker.order("exit 0");
    EXPECT_EQ(worker.output(), "this is output\n");
    EXPECT_EQ(worker.errors(), "this is an error\n");
}

TYPED_TEST(EveryStarter, GivesASocketInBlockingMode) {
    auto worker = this->worker();
    EXPECT_EQ(::fcntl(worker.socket(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(worker.socket(), F_GETFD) & FD_CLOEXEC, 0);
    int credentials = -1;
    socklen_t size = sizeof credentials;
    ::getsockopt(worker.socket(), SOL_SOCKET, SO_PASSCRED, &credentials, &size);
    EXPECT_EQ(credentials, 0);
}

TYPED_TEST(EveryStarter, ReportsTheExitCode) {
    auto worker = this->worker();
    EXPECT_EQ(worker.process().try_reap(), std::nullopt);
    worker.order("exit 3");
    EXPECT_EQ(worker.process().reap(), process::ExitStatus{.code = 3});
    EXPECT_EQ(worker.process().try_reap(), process::ExitStatus{.code = 3});
}

TYPED_TEST(EveryStarter, ReportsTheSignal) {
    auto worker = this->worker();
    worker.order("raise " + std::to_string(SIGTERM));
    EXPECT_EQ(text(worker.process().reap()), "killed by SIGTERM");
}

TYPED_TEST(EveryStarter, EndsAWorkerWhoseEntryThrowsWithAMessage) {
    auto worker = this->worker();
    worker.order("throw");
    EXPECT_EQ(worker.process().reap().code, process::exception_exit_code);
    EXPECT_EQ(worker.errors(), "poolhost: the worker ended by an exception: as it was told\n");
}

TYPED_TEST(EveryStarter, LetsAWorkerSeeThatTheHostClosedItsSocket) {
    auto worker = this->worker();
    worker.close_socket();
    EXPECT_EQ(worker.process().reap().code, 0);
}

TYPED_TEST(EveryStarter, KillsAStoppedWorker) {
    auto worker = this->worker();
    worker.process().kill(SIGSTOP);
    worker.process().kill(SIGKILL);
    EXPECT_EQ(worker.process().reap().signal, SIGKILL);
}

TYPED_TEST(EveryStarter, KillsTheWorkersOwnChildrenWithItsGroupAndReapsThem) {
    auto worker = this->worker();
    const pid_t child = std::stoi(worker.ask("child"));
    const base::UniqueFd child_pidfd(::pidfd_open(child, 0));
    worker.process().kill_group(SIGKILL);
    EXPECT_EQ(worker.process().reap().signal, SIGKILL);
    ASSERT_TRUE(ends_within(child_pidfd.get(), patience_ms));
    EXPECT_EQ(process::reap_orphans(), 1);
}

TYPED_TEST(EveryStarter, DoesNotReapAsAnOrphanWhatSomebodyHolds) {
    auto worker = this->worker();
    worker.order("exit 3");
    ASSERT_TRUE(ends_within(worker.process().pidfd(), patience_ms));
    EXPECT_EQ(process::reap_orphans(), 0);
    EXPECT_EQ(worker.process().reap().code, 3);
}

TYPED_TEST(EveryStarter, TellsTheLoopOfAnExitOnce) {
    auto worker = this->worker();
    int calls = 0;
    std::optional<process::ExitWatch> watch;
    watch = *process::ExitWatch::start(this->loop, worker.process(), [&] {
        ++calls;
        watch.reset();
    });
    worker.order("exit 0");
    this->loop.restart();
    for (std::size_t ran = 1; ran > 0 && calls == 0;) ran = this->loop.run_one();
    EXPECT_TRUE(worker.process().try_reap());
    this->loop.poll();
    EXPECT_EQ(calls, 1);
}

TYPED_TEST(EveryStarter, DoesNotTellOfAnExitWhoseWatchIsGone) {
    auto worker = this->worker();
    bool told = false;
    {
        const auto watch = process::ExitWatch::start(this->loop, worker.process(), [&] { told = true; });
        worker.order("exit 0");
        ASSERT_TRUE(ends_within(worker.process().pidfd(), patience_ms));
    }
    this->loop.restart();
    this->loop.poll();
    EXPECT_FALSE(told);
}

TYPED_TEST(EveryStarter, StartsSixtyFourAtOnce) {
    Births births;
    for (int i = 0; i < 64; ++i) this->starter->start(births.note());
    this->run_until(births, 64);
    EXPECT_THAT(births.errors, testing::IsEmpty());
    for (auto& worker : births.workers) {
        EXPECT_EQ(worker.facts()["pid"], std::to_string(worker.process().pid()));
    }
}

TYPED_TEST(EveryStarter, ReportsAWorkerThatExitsAtOnce) {
    this->starter = TypeParam::exiting_at_once(this->loop);
    auto worker = this->worker();
    EXPECT_EQ(worker.process().reap().code, 5);
}

TYPED_TEST(EveryStarter, AnswersEveryBirthOnceWhenItIsDestroyed) {
    Births births;
    for (int i = 0; i < 20; ++i) this->starter->start(births.note());
    this->starter.reset();
    EXPECT_EQ(births.count(), 20U);
    this->loop.restart();
    this->loop.poll();
    EXPECT_EQ(births.count(), 20U);
}

TYPED_TEST(EveryStarter, LeavesRunningWorkersAloneWhenItIsDestroyed) {
    auto worker = this->worker();
    this->starter.reset();
    EXPECT_EQ(worker.facts()["parent"], std::to_string(::getpid()));
}

TYPED_TEST(EveryStarter, AbortsWhenAWorkerIsForgotten) {
    testing::FLAGS_gtest_death_test_style = "fast";
    auto worker = this->worker();
    EXPECT_DEATH({ const auto forgotten = std::move(worker.process()); }, "was let go before it was reaped");
}

}  // namespace
}  // namespace poolhost::test
