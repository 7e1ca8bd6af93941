// SPDX-License-Identifier: Apache-2.0
#include "worker/bounded_error.hpp"

#include "channel/layout.hpp"
#include "wire/encoder.hpp"

#include <gtest/gtest.h>

namespace poolhost::worker {
namespace {

TEST(BoundedError, LeavesWhatFits) {
    const auto error = bounded({"too hot", wire::TaskError{.type = "oven", .code = 7, .retryable = true}});
    EXPECT_EQ(error.message, "too hot");
    EXPECT_EQ(std::get<wire::TaskError>(error.details).type, "oven");
    EXPECT_EQ(std::get<wire::TaskError>(error.details).code, 7);
}

TEST(BoundedError, AlwaysFitsIntoOneRecord) {
    const std::string endless(1'000'000, 'x');
    const std::vector<std::string> names(1000, endless.substr(0, 1000));
    for (const wire::ErrorDetails& details :
         {wire::ErrorDetails(wire::TaskError{.type = endless}),
          wire::ErrorDetails(wire::BadArguments{1, endless, endless, endless}),
          wire::ErrorDetails(wire::UnknownTask{endless.substr(0, 100), names, names})}) {
        EXPECT_LE(wire::encode(bounded({endless, details})).size(), channel::max_inline);
    }
}

TEST(BoundedError, CutsNoCharacterInTwo) {
    EXPECT_EQ(cut_text("aä", 2), "a");
    EXPECT_EQ(cut_text("aä", 3), "aä");
    EXPECT_EQ(cut_text("😀", 3), "");
    EXPECT_EQ(cut_text("abc", 0), "");
}

}  // namespace
}  // namespace poolhost::worker
