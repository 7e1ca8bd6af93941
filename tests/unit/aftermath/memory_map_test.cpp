// SPDX-License-Identifier: Apache-2.0
#include "aftermath/memory_map.hpp"

#include <gtest/gtest.h>

namespace poolhost::aftermath {
namespace {

TEST(MemoryMap, KnowsWhatCouldBeRun) {
    const auto map = read_memory_map(
        "7f2132444000-7f213259a000 r-xp 00026000 fe:00 332835                     /usr/lib/libc.so.6\n"
        "5584cba9c000-5584cbb0d000 r-xp 00008000 fe:00 11330444                   /opt/a folder/worker (deleted)\n"
        "7f2132600000-7f2132700000 rw-p 00000000 00:00 0 \n"
        "7f2132800000-7f2132900000 rwxp 00000000 00:00 0 \n"
        "7f2132994000-7f2132996000 r-xp 00000000 00:00 0                          [vdso]\n");
    ASSERT_EQ(map.size(), 4U);
    EXPECT_EQ(map[0].path, "/opt/a folder/worker");
    EXPECT_TRUE(map[0].deleted);
    EXPECT_EQ(map[0].name(), "worker");
    EXPECT_EQ(map[0].offset, 0x8000U);
    EXPECT_EQ(map[1].path, "/usr/lib/libc.so.6");
    EXPECT_FALSE(map[1].deleted);
    EXPECT_EQ(map[2].path, "");
    EXPECT_EQ(map[3].name(), "[vdso]");
    EXPECT_EQ(region_at(map, 0x7f2132444000), &map[1]);
    EXPECT_EQ(region_at(map, 0x7f2132599fff), &map[1]);
    EXPECT_EQ(region_at(map, 0x7f213259a000), nullptr);
    EXPECT_EQ(region_at(map, 0), nullptr);
    EXPECT_EQ(region_at(map, UINT64_MAX), nullptr);
}

TEST(MemoryMap, LinesThatAreNoneAreLeftOut) {
    for (const char* const nonsense :
         {"", "\n\n", "nonsense", "1000-", "1000-2000", "1000-2000 ", "1000-2000 r-xp", "2000-1000 r-xp 0 0:0 0 /a",
          "1000-1000 r-xp 0 0:0 0 /a", "g-2000 r-xp 0 0:0 0 /a", "1000-2000 r-xp zz 0:0 0 /a",
          "11111111111111111111-2000 r-xp 0 0:0 0 /a"}) {
        EXPECT_TRUE(read_memory_map(nonsense).empty()) << nonsense;
    }
    EXPECT_EQ(read_memory_map("1000-2000 r-xp 0 0:0 0").size(), 1U);
    EXPECT_EQ(read_memory_map("junk\n1000-2000 r-xp 0 0:0 0 /a").size(), 1U);
}

}  // namespace
}  // namespace poolhost::aftermath
