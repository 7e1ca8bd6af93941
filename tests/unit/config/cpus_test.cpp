// SPDX-License-Identifier: Apache-2.0
// `processes: auto` within affinity and control groups, on machines described by their files.
#include "config/cpus.hpp"

#include <gtest/gtest.h>

#include <map>

namespace poolhost::config {
namespace {

using FileTree = std::map<std::string, std::string>;

std::optional<double> quota_among(FileTree files) {
    return cgroup_quota([files = std::move(files)](const std::string& path) -> std::optional<std::string> {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    });
}

const std::string mount_v2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
const std::string mount_v1 =
    "24 23 0:20 / /sys/fs/cgroup ro - tmpfs tmpfs ro\n"
    "33 24 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "34 24 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n";

TEST(CgroupQuota, IsNoneWithoutGroups) {
    EXPECT_EQ(quota_among({}), std::nullopt);
    EXPECT_EQ(quota_among({{"/proc/self/cgroup", "0::/\n"}, {"/proc/self/mountinfo", mount_v2}}), std::nullopt);
}

TEST(CgroupQuota, OfVersionTwoIsRead) {
    EXPECT_EQ(quota_among({{"/proc/self/cgroup", "0::/a\n"},
                           {"/proc/self/mountinfo", mount_v2},
                           {"/sys/fs/cgroup/a/cpu.max", "150000 100000\n"}}),
              1.5);
}

TEST(CgroupQuota, OfAnAncestorCountsToo) {
    EXPECT_EQ(quota_among({{"/proc/self/cgroup", "0::/a/b\n"},
                           {"/proc/self/mountinfo", mount_v2},
                           {"/sys/fs/cgroup/a/cpu.max", "200000 100000\n"},
                           {"/sys/fs/cgroup/a/b/cpu.max", "max 100000\n"}}),
              2.0);
    EXPECT_EQ(quota_among({{"/proc/self/cgroup", "0::/a/b\n"},
                           {"/proc/self/mountinfo", mount_v2},
                           {"/sys/fs/cgroup/a/cpu.max", "200000 100000\n"},
                           {"/sys/fs/cgroup/a/b/cpu.max", "50000 100000\n"}}),
              0.5);
}

TEST(CgroupQuota, OfAContainersOwnRootIsRead) {
    EXPECT_EQ(quota_among({{"/proc/self/cgroup", "0::/\n"},
                           {"/proc/self/mountinfo", mount_v2},
                           {"/sys/fs/cgroup/cpu.max", "300000 100000\n"}}),
              3.0);
    // A group outside of what is mounted here.
    EXPECT_EQ(quota_among({{"/proc/self/cgroup", "0::/../other\n"},
                           {"/proc/self/mountinfo", mount_v2},
                           {"/sys/fs/cgroup/cpu.max", "300000 100000\n"}}),
              3.0);
}

TEST(CgroupQuota, OfVersionOneIsRead) {
    FileTree files{{"/proc/self/cgroup", "4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n"},
                   {"/proc/self/mountinfo", mount_v1},
                   {"/sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us", "250000\n"},
                   {"/sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us", "100000\n"}};
    EXPECT_EQ(quota_among(files), 2.5);
    files["/sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us"] = "-1\n";
    EXPECT_EQ(quota_among(files), std::nullopt);
}

TEST(CgroupQuota, OfAnAncestorInVersionOneCountsToo) {
    const std::string folder = "/sys/fs/cgroup/cpu,cpuacct/kubepods";
    const FileTree files{{"/proc/self/cgroup", "3:cpu,cpuacct:/kubepods/pod1/c\n0::/\n"},
                         {"/proc/self/mountinfo", mount_v1},
                         {folder + "/pod1/c/cpu.cfs_quota_us", "-1\n"},
                         {folder + "/pod1/c/cpu.cfs_period_us", "100000\n"},
                         {folder + "/pod1/cpu.cfs_quota_us", "350000\n"},
                         {folder + "/pod1/cpu.cfs_period_us", "100000\n"},
                         {folder + "/cpu.cfs_quota_us", "800000\n"},
                         {folder + "/cpu.cfs_period_us", "100000\n"}};
    EXPECT_EQ(quota_among(files), 3.5);
}

TEST(CgroupQuota, OfBothVersionsAtOnceIsTheTighter) {
    FileTree files{{"/proc/self/cgroup", "3:cpu,cpuacct:/a\n0::/b\n"},
                   {"/proc/self/mountinfo", mount_v1 + "41 24 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"},
                   {"/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "400000\n"},
                   {"/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n"},
                   {"/sys/fs/cgroup/unified/b/cpu.max", "200000 100000\n"}};
    EXPECT_EQ(quota_among(files), 2.0);
    files.erase("/sys/fs/cgroup/unified/b/cpu.max");
    EXPECT_EQ(quota_among(files), 4.0);
}

TEST(CgroupQuota, OfAMountedSubtreeIsRead) {
    const std::string mount = "34 24 0:29 /docker/x /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n";
    EXPECT_EQ(quota_among({{"/proc/self/cgroup", "3:cpu,cpuacct:/docker/x\n"},
                           {"/proc/self/mountinfo", mount},
                           {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "400000\n"},
                           {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}}),
              4.0);
}

TEST(CgroupQuota, DoesNotTrustWhatItReads) {
    for (const auto* text : {"", "max", "x y", "0 0", "100000 0", "-5 100000", "99999999999999999999 1"}) {
        EXPECT_EQ(quota_among({{"/proc/self/cgroup", "0::/a\nnonsense\n::\n"},
                               {"/proc/self/mountinfo", "short\n\n" + mount_v2 + "1 2 3 4 5 6 -\n"},
                               {"/sys/fs/cgroup/a/cpu.max", text}}),
                  std::nullopt)
            << text;
    }
}

TEST(UsableCpus, AreTheFewerOfAffinityAndQuota) {
    EXPECT_EQ(usable_cpus(8, std::nullopt), 8U);
    EXPECT_EQ(usable_cpus(8, 1.5), 2U);
    EXPECT_EQ(usable_cpus(2, 16.0), 2U);
    EXPECT_EQ(usable_cpus(8, 0.1), 1U);
    EXPECT_EQ(usable_cpus(0, std::nullopt), 1U);
    EXPECT_EQ(usable_cpus(4, 1e300), 4U);
}

TEST(UsableCpus, AreAtLeastOneHere) {
    EXPECT_GE(usable_cpus(), 1U);
    EXPECT_LE(usable_cpus(), allowed_cpus().size());
}

}  // namespace
}  // namespace poolhost::config
