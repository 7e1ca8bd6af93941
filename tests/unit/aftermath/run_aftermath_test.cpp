// SPDX-License-Identifier: Apache-2.0
#include "aftermath/run_aftermath.hpp"

#include "base/shared_memory.hpp"
#include "capsule/capsule_file.hpp"
#include "unit/capsule/sample_capsule.hpp"
#include "unit/catalog/temporary_folder.hpp"

#include <gmock/gmock.h>

namespace poolhost::aftermath {
namespace {

using Frames = std::vector<std::string>;
using testing::HasSubstr;
using testing::SizeIs;

base::Result<Frames> name_both(const wire::StackSample&, std::span<const wire::PluginFile>,
                               const std::function<void(const Frames&)>& on_raw) {
    on_raw({"0x1234"});
    return Frames{"crash()"};
}
base::Result<Frames> name_none(const wire::StackSample&, std::span<const wire::PluginFile>,
                               const std::function<void(const Frames&)>&) {
    return base::Error{"no frame can be told"};
}
base::Result<Frames> name_raw_only(const wire::StackSample&, std::span<const wire::PluginFile>,
                                   const std::function<void(const Frames&)>& on_raw) {
    on_raw({"0x1234"});
    return base::Error{"no symbols"};
}

class RunAftermath : public testing::Test {
protected:
    wire::Findings find(const NameStack& name_stack = name_both) {
        run_aftermath(request_, buffers_, name_stack, [this](const wire::Findings& found) { told_.push_back(found); });
        return told_.empty() ? wire::Findings{} : told_.back();
    }
    void add_buffer(std::string_view text) {
        request_.input.buffers.push_back(request_.input.buffers.size() + 1);
        buffers_.push_back(*base::make_sealed_copy("buffer", test::bytes_of(text)));
    }
    void ask_for_capsule() {
        request_.capsule = test::sample_capsule();
        request_.capsule->stack.clear();
        request_.folder = {folder_.path().string(), 10, 1 << 20};
    }

    tests::TemporaryFolder folder_;
    wire::AftermathRequest request_;
    std::vector<base::UniqueFd> buffers_;
    std::vector<wire::Findings> told_;
};

TEST_F(RunAftermath, TellsTheStackAtOnceAndThenWithNames) {
    request_.stack.emplace();
    find();
    ASSERT_THAT(told_, SizeIs(2));
    EXPECT_EQ(told_[0].stack, Frames{"0x1234"});
    EXPECT_EQ(told_[1].stack, Frames{"crash()"});
    EXPECT_EQ(told_[1].stack_missing, "");
}

TEST_F(RunAftermath, SaysWhyThereIsNoStack) {
    request_.stack.emplace();
    EXPECT_EQ(find(name_none).stack_missing, "no frame can be told");
}

TEST_F(RunAftermath, RawAddressesAreBetterThanNothing) {
    request_.stack.emplace();
    const auto found = find(name_raw_only);
    EXPECT_EQ(found.stack, Frames{"0x1234"});
    EXPECT_EQ(found.stack_missing, "");
}

TEST_F(RunAftermath, KeepsTheCallWithItsStack) {
    request_.stack.emplace();
    ask_for_capsule();
    const auto found = find();
    ASSERT_TRUE(found.capsule) << found.capsule_missing;
    EXPECT_EQ(found.stack, Frames{"crash()"});
    EXPECT_EQ(capsule::read(*found.capsule)->capsule.stack, Frames{"crash()"});
}

TEST_F(RunAftermath, SaysWhyTheCallWasNotKept) {
    ask_for_capsule();
    request_.folder.max = 0;
    const auto found = find();
    EXPECT_FALSE(found.capsule);
    EXPECT_EQ(found.capsule_missing, "no capsule is kept: capsules.max is 0");
}

TEST_F(RunAftermath, KeepsNothingOfOtherCalls) {
    add_buffer("[7]left from another call");
    request_.input.encoding = wire::Encoding::json;
    request_.input.place = wire::BufferPlace{1, 0, 3};
    ask_for_capsule();
    const auto found = find();
    ASSERT_TRUE(found.capsule) << found.capsule_missing;
    EXPECT_EQ(test::text_of(capsule::read(*found.capsule)->buffers.at(0)), "[7]");
}

TEST_F(RunAftermath, TheDigestDoesNotDependOnThePlace) {
    request_.wants_digest = true;
    request_.input.encoding = wire::Encoding::json;
    request_.input.bytes = "[7]";
    const auto inline_digest = find().digest;
    request_.input.bytes.clear();
    add_buffer("xx[7]yy");
    request_.input.place = wire::BufferPlace{1, 2, 3};
    ASSERT_TRUE(inline_digest);
    EXPECT_EQ(find().digest, inline_digest);
}

TEST_F(RunAftermath, BuffersThatDidNotArriveAreNoInput) {
    request_.wants_digest = true;
    request_.input.buffers = {1};
    ask_for_capsule();
    request_.stack.emplace();
    const auto found = find();
    EXPECT_FALSE(found.digest);
    EXPECT_EQ(found.capsule_missing, "the call's buffers did not all arrive");
    EXPECT_EQ(found.stack, Frames{"crash()"});
}

TEST_F(RunAftermath, BuffersThatCouldBeCutShortAreNoInput) {
    request_.input.buffers = {1};
    buffers_.push_back(*base::make_memory("unsealed", 10));
    ask_for_capsule();
    EXPECT_THAT(find().capsule_missing, HasSubstr("not sealed against shrinking"));
}

}  // namespace
}  // namespace poolhost::aftermath
