// SPDX-License-Identifier: Apache-2.0
#include "process/fork_server_words.hpp"

#include <gtest/gtest.h>

#include <array>

#include <unistd.h>

namespace poolhost::process {
namespace {

class Words : public testing::Test {
protected:
    base::FdPair sockets = *base::make_socket_pair();
    int here = sockets.first.get();
    int there = sockets.second.get();
};

TEST_F(Words, ArriveWithTextAndDescriptors) {
    const std::array own{here};
    ASSERT_TRUE(say(here, Word::failure, "no such file", own, base::Blocking::no));
    const auto hearing = hear(there, base::Blocking::no);
    ASSERT_TRUE(hearing && hearing->heard);
    EXPECT_EQ(hearing->heard->word, Word::failure);
    EXPECT_EQ(hearing->heard->text, "no such file");
    EXPECT_EQ(hearing->heard->descriptors.size(), 1U);
    EXPECT_EQ(hearing->heard->sender, std::nullopt);
}

TEST_F(Words, TellWhoSaidThemWhereThatIsAskedFor) {
    ASSERT_TRUE(base::enable_credentials(there));
    ASSERT_TRUE(say(here, Word::hello, base::Blocking::no));
    EXPECT_EQ(hear(there, base::Blocking::no)->heard->sender, ::getpid());
}

TEST_F(Words, AreCutWhereTheyAreTooLong) {
    ASSERT_TRUE(say(here, Word::failure, std::string(1 << 20, 'x'), {}, base::Blocking::no));
    EXPECT_EQ(hear(there, base::Blocking::no)->heard->text, std::string(max_failure_text, 'x'));
}

TEST_F(Words, TellSilenceFromAnEnd) {
    auto silence = hear(there, base::Blocking::no);
    ASSERT_TRUE(silence);
    EXPECT_FALSE(silence->heard || silence->gone);
    sockets.first.reset();
    auto end = hear(there, base::Blocking::no);
    ASSERT_TRUE(end);
    EXPECT_TRUE(end->gone);
}

}  // namespace
}  // namespace poolhost::process
