// SPDX-License-Identifier: Apache-2.0
#include "pool/call_table.hpp"

#include <gtest/gtest.h>

namespace poolhost::pool {
namespace {

TEST(CallTable, FindsACallUntilItIsReleased) {
    CallTable table;
    Call& call = table.create();
    call.state = CallState::queued;
    const CallId id = call.id();
    EXPECT_EQ(table.find(id), &call);
    table.release(call);
    EXPECT_EQ(table.find(id), nullptr);
}

TEST(CallTable, NeverUsesAnIdTwice) {
    CallTable table;
    Call& first = table.create();
    first.state = CallState::queued;
    const CallId old = first.id();
    table.release(first);
    Call& second = table.create();
    second.state = CallState::queued;
    EXPECT_NE(second.id(), old);
    EXPECT_EQ(table.find(old), nullptr);
}

TEST(CallTable, KnowsNothingOfForeignIds) {
    CallTable table;
    EXPECT_EQ(table.find(CallId{12345}), nullptr);
}

}  // namespace
}  // namespace poolhost::pool
