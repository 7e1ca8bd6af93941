// SPDX-License-Identifier: Apache-2.0
#include "capsule/capsule_folder.hpp"

#include "sample_capsule.hpp"
#include "unit/catalog/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace poolhost::capsule {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto sample_time = 1'795'396'500'123ms;

TEST(CapsuleName, SaysWhenWhatAndWhy) {
    EXPECT_EQ(file_name(test::sample_capsule(), sample_time, 4711),
              "20261123T011500.123Z-image.thumbnail-crash-4711.capsule");
}

TEST(CapsuleName, StaysWithinAFilesName) {
    wire::Capsule capsule = test::sample_capsule();
    capsule.task = std::string(255, 'p') + "." + std::string(255, 't');
    EXPECT_LE(file_name(capsule, sample_time, 4'194'304).size() + unfinished_suffix.size(), 255U);
}

TEST(CapsuleName, HoldsNothingThatLeadsElsewhere) {
    wire::Capsule capsule = test::sample_capsule();
    capsule.task = "../../etc/passwd\n-x";
    EXPECT_EQ(file_name(capsule, sample_time, 1), "20261123T011500.123Z-.._.._etc_passwd__x-crash-1.capsule");
    EXPECT_TRUE(is_file_name(file_name(capsule, sample_time, 1)));
}

TEST(CapsuleName, IsToldFromOthers) {
    EXPECT_TRUE(is_file_name("20261123T011500.123Z-image.thumbnail-crash-4711.capsule"));
    for (const char* const other :
         {"", ".capsule", "20261123T011500.123Z-.capsule", "20261123T011500.123Z-a-b-.capsule",
          "20261123T011500.123Z-a-b-c.capsule", "20261123T011500.123Z-image.thumbnail-crash-4711.capsule.unfinished",
          "20261123T011500.123Z-image.thumbnail-crash-4711", "x0261123T011500.123Z-image.thumbnail-crash-4711.capsule",
          "20261123T011500.123Z-my holiday-crash-4711.capsule", "20261123T011500.123Z-4711.capsule"}) {
        EXPECT_FALSE(is_file_name(other)) << other;
    }
}

TEST(CapsuleFolder, LosesWhatKilledWritersLeft) {
    const tests::TemporaryFolder folder;
    const auto name = file_name(test::sample_capsule(), sample_time, 1) + std::string(unfinished_suffix);
    const auto later = file_name(test::sample_capsule(), sample_time + 1ms, 1) + std::string(unfinished_suffix);
    const auto old = folder.write(name, "half");
    const auto fresh = folder.write(later, "being written");
    fs::last_write_time(old, fs::file_time_type::clock::now() - 2h);
    remove_oldest(folder.path(), 10, "");
    EXPECT_FALSE(fs::exists(old));
    EXPECT_TRUE(fs::exists(fresh));
}

TEST(CapsuleFolder, MayBeThereAlready) {
    const tests::TemporaryFolder folder;
    EXPECT_TRUE(make_folder(folder.path()));
    EXPECT_TRUE(make_folder(folder.path() / "a" / "b"));
    EXPECT_TRUE(make_folder(folder.path() / "a" / "b" / ""));
}

}  // namespace
}  // namespace poolhost::capsule
