// SPDX-License-Identifier: Apache-2.0
// The fork server's side as far as it forks nothing.
#include "process/fork_server.hpp"

#include "base/shared_memory.hpp"
#include "process/fork_server_words.hpp"
#include "process/worker_role.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include <sys/socket.h>
#include <unistd.h>

namespace poolhost::process {
namespace {

class ForkServerRoleTest : public testing::Test {
protected:
    enum class Sealed { yes, no };
    void describe(const std::string& text, Sealed sealed = Sealed::yes) {
        const auto memory = *base::make_memory("description", text.size());
        ASSERT_EQ(::pwrite(memory.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
        if (sealed == Sealed::yes) {
            ASSERT_TRUE(base::seal_memory(memory.get(), base::Seal::size_and_writers));
        }
        const int fd = memory.get();
        ASSERT_TRUE(say(host.get(), Word::describe, {}, std::span(&fd, 1), base::Blocking::no));
    }
    int serve() { return serve_forks(std::move(server), role); }
    Heard answer() {
        auto hearing = hear(host.get(), base::Blocking::no);
        return hearing && hearing->heard ? std::move(*hearing->heard) : Heard{};
    }

    base::FdPair sockets = *base::make_socket_pair();
    base::UniqueFd host = std::move(sockets.first);
    base::UniqueFd server = std::move(sockets.second);
    std::string prepared_with;
    base::Result<void> outcome{};
    ForkServerRole role{[this](std::span<const std::byte> bytes) {
                            prepared_with.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                            return outcome;
                        },
                        [](base::UniqueFd) { return 0; }, "preparing"};
};

TEST_F(ForkServerRoleTest, PreparesWithTheDescriptionAndEndsWithTheHost) {
    describe("load math");
    ASSERT_EQ(::shutdown(host.get(), SHUT_WR), 0);
    EXPECT_EQ(serve(), 0);
    EXPECT_EQ(prepared_with, "load math");
    EXPECT_EQ(answer().word, Word::ready);
}

TEST_F(ForkServerRoleTest, AcceptsAnEmptyDescription) {
    describe("");
    ASSERT_EQ(::shutdown(host.get(), SHUT_WR), 0);
    EXPECT_EQ(serve(), 0);
}

TEST_F(ForkServerRoleTest, ReportsWhyItCannotPrepare) {
    outcome = base::Error{"plugin 'math' not found"};
    describe("load math");
    EXPECT_EQ(serve(), 1);
    EXPECT_EQ(answer().text, "plugin 'math' not found");
}

TEST_F(ForkServerRoleTest, ReportsAnException) {
    role.prepare = [](auto) -> base::Result<void> { throw std::runtime_error("bad plugin"); };
    describe("");
    EXPECT_EQ(serve(), 1);
    EXPECT_EQ(answer().text, "preparing the fork server threw an exception: bad plugin");
}

TEST_F(ForkServerRoleTest, RefusesADescriptionThatCouldShrink) {
    describe("load math", Sealed::no);
    EXPECT_EQ(serve(), 1);
    EXPECT_EQ(answer().text, "shared memory is not sealed against shrinking");
}

TEST_F(ForkServerRoleTest, EndsAtARequestThatMakesNoSense) {
    describe("");
    ASSERT_TRUE(say(host.get(), Word::fork, base::Blocking::no));  // without descriptors
    EXPECT_EQ(serve(), 76);
}

TEST(BirthSocket, IsMissingInAProgramStartedByHand) {
    const auto socket = take_birth_socket();
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().message,
              "this program is started by poolhost, not by hand: it was given no socket to a host");
}

}  // namespace
}  // namespace poolhost::process
