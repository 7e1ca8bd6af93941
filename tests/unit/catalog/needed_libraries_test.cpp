// SPDX-License-Identifier: Apache-2.0
#include "catalog/needed_libraries.hpp"

#include "specimen.hpp"

#include <gmock/gmock.h>

namespace poolhost::catalog {
namespace {

using testing::Contains;
using testing::StartsWith;

TEST(NeededLibraries, AreNamedByThePlugin) {
    const auto libraries = needed_libraries(tests::specimen("missing_library"));
    ASSERT_TRUE(libraries) << libraries.error().message;
    EXPECT_THAT(*libraries, Contains(StartsWith("libpoolhost_test_absent")));
}

TEST(NeededLibraries, ADamagedFileIsAnErrorOrHasNone) {
    EXPECT_FALSE(needed_libraries(tests::source_of("")));
    EXPECT_FALSE(
        needed_libraries(tests::source_of("no library at all, but long enough to hold a whole head of ELF....")));
    const std::string whole = tests::bytes_of(tests::specimen("well_behaved"));
    for (std::size_t size = 0; size < whole.size(); size += 61) {
        const std::string cut = whole.substr(0, size);
        static_cast<void>(needed_libraries(tests::source_of(cut)).has_value());
    }
    for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 4096); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(0xff);
        static_cast<void>(needed_libraries(tests::source_of(changed)).has_value());
    }
}

TEST(NeededLibraries, AMissingFileIsAnError) { EXPECT_FALSE(needed_libraries("/nowhere/libnone.so")); }

}  // namespace
}  // namespace poolhost::catalog
