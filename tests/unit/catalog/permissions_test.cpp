// SPDX-License-Identifier: Apache-2.0
#include "catalog/permissions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/catalog/temporary_folder.hpp"

namespace poolhost::catalog {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct stat file_of(uid_t owner, mode_t mode) {
    struct stat status {};
    status.st_uid = owner;
    status.st_gid = 77;
    status.st_mode = S_IFREG | mode;
    return status;
}

TEST(Ownership, IsFineForOursAndRoots) {
    EXPECT_TRUE(check_ownership(file_of(1000, 0755), 1000));
    EXPECT_TRUE(check_ownership(file_of(0, 0644), 1000));
}

TEST(Ownership, OfAThirdUserIsRefused) {
    const auto checked = check_ownership(file_of(1001, 0755), 1000);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, HasSubstr("belongs to user 1001"));
    EXPECT_FALSE(check_ownership(file_of(1000, 0755), 0)) << "root does not load what another user can change";
}

TEST(Ownership, SharedWithOthersIsRefused) {
    EXPECT_THAT(check_ownership(file_of(1000, 0775), 1000).error().message, HasSubstr("written by its group (77)"));
    EXPECT_THAT(check_ownership(file_of(0, 0646), 1000).error().message, HasSubstr("written by everybody"));
}

TEST(Folder, OfEverybodyIsFineOnlyWithTheStickyBit) {
    EXPECT_TRUE(check_folder(file_of(0, 0755)));
    EXPECT_TRUE(check_folder(file_of(0, 01777)));
    EXPECT_FALSE(check_folder(file_of(0, 0777)));
}

TEST(FilePermissions, NameTheFileAndTheRemedy) {
    const tests::TemporaryFolder folder;
    const fs::path file = folder.write("libmath.so", "");
    EXPECT_TRUE(check_file_permissions(file));

    fs::permissions(file, fs::perms::group_write, fs::perm_options::add);
    const auto checked = check_file_permissions(file);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().message, HasSubstr(file.string() + ": can be written by its group"));
    EXPECT_THAT(checked.error().message, HasSubstr("chmod go-w " + file.string()));
}

TEST(FilePermissions, AreThoseOfTheFileBehindALink) {
    const tests::TemporaryFolder folder;
    const fs::path file = folder.write("shared/libmath.so", "");
    const fs::path link = folder.path() / "libmath.so";
    fs::create_symlink(file, link);
    EXPECT_TRUE(check_file_permissions(link));

    fs::permissions(file.parent_path(), fs::perms::all);
    EXPECT_THAT(check_file_permissions(link).error().message, HasSubstr("chmod o-w " + file.parent_path().string()));
}

TEST(FilePermissions, OfWhatIsNotThereCannotBeChecked) {
    EXPECT_THAT(check_file_permissions("/nowhere/libmath.so").error().message, HasSubstr("cannot be found"));
}

}  // namespace
}  // namespace poolhost::catalog
