// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace poolhost::base {
namespace {

Digest of(std::vector<std::string_view> texts) {
    std::vector<std::span<const std::byte>> parts;
    for (const auto text : texts) parts.push_back(std::as_bytes(std::span(text)));
    return digest(parts);
}

TEST(Digest, DoesNotDependOnHowBytesAreDivided) {
    const std::string long_text(10'000, 'x');
    EXPECT_EQ(of({"abc", "", "def"}), of({"abcdef"}));
    EXPECT_EQ(of({long_text, "y"}), of({long_text.substr(0, 3000), long_text.substr(3000), "y"}));
    EXPECT_EQ(of({}), of({""}));
}

TEST(Digest, DiffersWhereBytesDo) {
    EXPECT_NE(of({"abc"}), of({"abd"}));
    EXPECT_NE(of({"abc"}), of({"ab"}));
    EXPECT_NE(of({}), of({std::string_view("\0", 1)}));
}

// So that what one version of poolhost has quarantined or logged means the same in the next.
TEST(Digest, IsXxh3) { EXPECT_EQ(of({}), (Digest{0x6001c324468d497f, 0x99aa06d3014798d8})); }

}  // namespace
}  // namespace poolhost::base
