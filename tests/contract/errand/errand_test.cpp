// SPDX-License-Identifier: Apache-2.0
// Errands with a program that behaves in every way: one end each, in time, and nothing left behind.
#include "process/errand.hpp"
#include "base/shared_memory.hpp"
#include "process/signal_source.hpp"
#include "process/supervisor.hpp"
#include "process/threads.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <string>

namespace poolhost::process {
namespace {

using namespace std::chrono_literals;
using Answer = std::optional<std::string>;

constexpr auto patience = 30s;
// Enough for a program to start and to answer even on a machine that is busy.
constexpr auto time_to_answer = 3s;

std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
    return count;
}

class ErrandTest : public testing::Test {
protected:
    ErrandTest() {
        const auto outcome = become_supervisor();
        if (!outcome) ADD_FAILURE() << outcome.error().message;
        orphans_.emplace(*reap_orphans_on(loop_));
        loop_.poll();
        descriptors_before_ = open_descriptors();
    }
    ~ErrandTest() override {
        errand_.reset();
        run_until([] { return children().empty(); });
        EXPECT_TRUE(children().empty()) << "a process is left";
        loop_.poll();
        EXPECT_EQ(open_descriptors(), descriptors_before_) << "a descriptor is left";
    }

    void send(const std::string& request, std::span<const int> descriptors = {}, base::Duration time = patience,
              std::vector<std::string> arguments = {}) {
        auto sent =
            Errand::send_out(loop_, {ERRAND_PROGRAM, std::move(arguments), {}}, std::as_bytes(std::span(request)),
                             descriptors, base::Clock::now() + time, [this](auto answer) { note(std::move(answer)); });
        ASSERT_TRUE(sent) << sent.error().message;
        errand_ = std::move(*sent);
    }

    /// The answer that an errand ends with.
    Answer outcome() {
        run_until([this] { return ends_ > 0; });
        EXPECT_EQ(ends_, 1);
        return answer_;
    }

    Answer ask(const std::string& request, std::span<const int> descriptors = {}, base::Duration time = patience) {
        send(request, descriptors, time);
        return outcome();
    }

    void run_until(const std::function<bool()>& done) {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        loop_.restart();
        while (!done() && loop_.run_one_until(deadline) > 0) {
        }
        EXPECT_TRUE(done());
    }

    std::unique_ptr<Errand> errand_;
    int ends_ = 0;
    boost::asio::io_context loop_;

private:
    void note(std::optional<std::vector<std::byte>> answer) {
        ++ends_;
        if (answer) answer_ = std::string(reinterpret_cast<const char*>(answer->data()), answer->size());
        errand_.reset();  // which is allowed here
    }

    Answer answer_;
    std::optional<SignalSource> orphans_;
    std::size_t descriptors_before_ = 0;
};

TEST_F(ErrandTest, BringsItsAnswerHome) { EXPECT_EQ(ask("once"), "one"); }

TEST_F(ErrandTest, BringsTheNewestAnswerHome) { EXPECT_EQ(ask("twice"), "two"); }

TEST_F(ErrandTest, TellsAnEmptyAnswerFromNone) { EXPECT_EQ(ask("empty"), ""); }

TEST_F(ErrandTest, EndsWithNothingWhereTheProgramSaysNothing) { EXPECT_EQ(ask("say nothing"), std::nullopt); }

TEST_F(ErrandTest, KeepsWhatACrashedProgramSaidBefore) { EXPECT_EQ(ask("crash"), "before"); }

TEST_F(ErrandTest, KeepsWhatAHangingProgramSaidBefore) { EXPECT_EQ(ask("hang", {}, time_to_answer), "before"); }

TEST_F(ErrandTest, KeepsWhatAStoppedProgramSaidBefore) { EXPECT_EQ(ask("stop", {}, time_to_answer), "before"); }

TEST_F(ErrandTest, EndsAtItsDeadlineWithoutAnAnswer) {
    const auto begin = base::Clock::now();
    EXPECT_EQ(ask("hang-in-silence", {}, 100ms), std::nullopt);
    EXPECT_GE(base::Clock::now() - begin, 100ms);
}

TEST_F(ErrandTest, EndsAtADeadlineThatHasPassed) { EXPECT_EQ(ask("hang-in-silence", {}, -1s), std::nullopt); }

TEST_F(ErrandTest, EndsAProgramThatTalksNonsense) { EXPECT_EQ(ask("garbage"), "before"); }

TEST_F(ErrandTest, TakesNoAnswerThatCouldBeCutShort) { EXPECT_EQ(ask("unsealed"), "before"); }

TEST_F(ErrandTest, EndsAProgramThatAnswersWithoutEnd) { EXPECT_EQ(ask("flood", {}, time_to_answer), "again"); }

TEST_F(ErrandTest, WaitsForAProgramThatHasHungUp) { EXPECT_EQ(ask("deaf-end", {}, 200ms), std::nullopt); }

TEST_F(ErrandTest, TakesLargeAnswers) { EXPECT_EQ(ask("huge"), std::string(8'000'000, 'h')); }

TEST_F(ErrandTest, LetsNoProgramAnswerMoreThanItsBound) { EXPECT_EQ(ask("too-huge"), "small"); }

TEST_F(ErrandTest, TakesLargeRequests) {
    const std::string request = "count " + std::string(8'000'000, 'r');
    EXPECT_EQ(ask(request), std::to_string(request.size()));
}

TEST_F(ErrandTest, EndsTheProgramsOwnChildren) { EXPECT_EQ(ask("child"), "parent"); }

TEST_F(ErrandTest, GivesTheProgramAGroupOfItsOwnAndNoTerminal) {
    EXPECT_EQ(ask("surroundings"), "no terminal, own group");
}

TEST_F(ErrandTest, NeverWaitsForAProgramThatDoesNotRead) {
    const std::string request(1'000'000, 'r');
    std::vector<int> descriptors(100, 0);
    send(request, descriptors, 200ms, {"deaf"});
    EXPECT_EQ(outcome(), std::nullopt);
}

TEST_F(ErrandTest, KillsWhatStillRunsWhenItIsDestroyed) {
    send("hang");
    errand_.reset();
    run_until([] { return children().empty(); });
    EXPECT_EQ(ends_, 0);
}

TEST_F(ErrandTest, SaysWhichProgramIsMissing) {
    const auto sent = Errand::send_out(loop_, {"/nowhere/aftermath", {}, {}}, {}, {}, base::Clock::now() + patience,
                                       [](auto) { FAIL(); });
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().message, "cannot execute /nowhere/aftermath: No such file or directory");
}

class ErrandDescriptors : public ErrandTest, public testing::WithParamInterface<std::size_t> {};

TEST_P(ErrandDescriptors, ArriveInTheirOrder) {
    std::vector<base::UniqueFd> memories;
    std::vector<int> numbers;
    std::string expected;
    for (std::size_t i = 0; i < GetParam(); ++i) {
        const std::string text = std::to_string(i) + ";";
        memories.push_back(*base::make_sealed_copy("numbered", std::as_bytes(std::span(text))));
        numbers.push_back(memories.back().get());
        expected += text;
    }
    send("contents", numbers);
    memories.clear();  // the errand has its own
    EXPECT_EQ(outcome(), expected);
}

INSTANTIATE_TEST_SUITE_P(Counts, ErrandDescriptors, testing::Values(0, 1, 14, 15, 16, 17, 31, 32, 500),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace poolhost::process
