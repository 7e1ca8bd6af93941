// SPDX-License-Identifier: Apache-2.0
// A birth that comes to nothing; those that succeed need processes and are in contract/starters.
#include "process/pending_birth.hpp"

#include "base/descriptor_passing.hpp"
#include "process/fork_server_words.hpp"

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <string>

#include <unistd.h>

namespace poolhost::process {
namespace {

using namespace std::chrono_literals;

class PendingBirthTest : public testing::Test {
protected:
    PendingBirthTest() {
        connections = *make_connections();
        child_socket = std::move(connections.child_socket);
        child_errors = std::move(connections.child_errors);
    }
    /// What came of it, whatever kind that is.
    template <class Outcome>
    std::string message(base::Duration timeout) {
        std::string found = "nothing";
        const auto birth = PendingBirth::await(loop, std::move(connections), timeout, [&](BirthOutcome outcome) {
            const auto* const expected = std::get_if<Outcome>(&outcome);
            found = expected ? text_of(*expected) : "another outcome";
        });
        loop.run();
        return found;
    }
    static std::string text_of(const base::Error& error) { return error.message; }
    static std::string text_of(const BirthLost& lost) { return lost.error.message; }
    static std::string text_of(const BirthLate& late) { return late.error.message; }

    boost::asio::io_context loop;
    Connections connections;
    base::UniqueFd child_socket;
    base::UniqueFd child_errors;
};

TEST_F(PendingBirthTest, IsLateWhereNobodySpeaks) {
    EXPECT_EQ(message<BirthLate>(0ns), "the fork server did not fork a worker in time");
}

TEST_F(PendingBirthTest, IsLostWhereTheSocketEnds) {
    child_socket.reset();
    EXPECT_EQ(message<BirthLost>(1h), "a worker of the fork server died at its birth");
}

TEST_F(PendingBirthTest, SaysWhatTheLostWorkerWrote) {
    ASSERT_EQ(::write(child_errors.get(), "no memory", 9), 9);
    child_socket.reset();
    EXPECT_EQ(message<BirthLost>(1h), "a worker of the fork server died at its birth: no memory");
}

TEST_F(PendingBirthTest, PassesTheReasonOn) {
    ASSERT_TRUE(say(child_socket.get(), Word::failure, "no more processes", {}, base::Blocking::no));
    EXPECT_EQ(message<base::Error>(1h), "no more processes");
}

TEST_F(PendingBirthTest, DoesNotTakeAStrangerForAWorker) {
    ASSERT_TRUE(base::enable_credentials(connections.host_socket.get()));
    ASSERT_TRUE(say(child_socket.get(), Word::hello, base::Blocking::no));  // from this process: not its own child
    EXPECT_EQ(message<BirthLost>(1h), "a worker of the fork server was lost: process " + std::to_string(::getpid()) +
                                          " is not a child of this process: No child processes");
}

TEST_F(PendingBirthTest, DoesNotTakeAHelloWithoutASender) {
    ASSERT_TRUE(say(child_socket.get(), Word::hello, base::Blocking::no));
    EXPECT_EQ(message<base::Error>(1h), "a worker of the fork server broke the protocol at its birth");
}

}  // namespace
}  // namespace poolhost::process
