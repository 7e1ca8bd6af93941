// SPDX-License-Identifier: Apache-2.0
#include "catalog/lookup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/catalog/temporary_folder.hpp"

namespace poolhost::catalog {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Lookup : public testing::Test {
protected:
    Lookup() {
        folder_.write("first/libmath.so", "");
        folder_.write("first/image.so", "");
        folder_.write("second/libimage.so", "");
        folder_.write("second/math.so", "");
        folder_.write("second/README", "");
        folder_.write("here/libown.so", "");
    }

    [[nodiscard]] fs::path in(const char* path) const { return folder_.path() / path; }
    [[nodiscard]] base::Result<fs::path> find(std::string_view name) const {
        const std::vector<fs::path> folders{in("absent"), in("first"), in("second")};
        return find_plugin(name, folders, in("here"));
    }

    tests::TemporaryFolder folder_;
};

TEST_F(Lookup, TakesTheFirstFolderThatHasTheName) {
    EXPECT_EQ(find("math").value(), in("first/libmath.so"));
    EXPECT_EQ(find("image").value(), in("first/image.so")) << "the order of folders counts before the prefix";
}

TEST_F(Lookup, PrefersTheNameWithThePrefixWithinAFolder) {
    folder_.write("first/math.so", "");
    EXPECT_EQ(find("math").value(), in("first/libmath.so"));
}

TEST_F(Lookup, TakesWhatHasASlashAsAPathRelativeToTheConfiguration) {
    EXPECT_EQ(find("./libown.so").value(), in("here/libown.so"));
    EXPECT_EQ(find("../second/math.so").value(), in("second/math.so"));
    EXPECT_EQ(find(in("first/image.so").string()).value(), in("first/image.so"));
}

TEST_F(Lookup, SaysWhereItLookedAndWhatIsNearest) {
    const auto found = find("maht");
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().message, AllOf(HasSubstr("no plugin 'maht'"), HasSubstr("libmaht.so and maht.so"),
                                             HasSubstr(in("first").string()), HasSubstr(in("second").string()),
                                             HasSubstr("did you mean 'math'?")));
}

TEST_F(Lookup, SuggestsNothingWhereNothingIsNear) {
    EXPECT_THAT(find("quaternions").error().message, Not(HasSubstr("did you mean")));
}

TEST_F(Lookup, SaysThatAPathNeedsASlash) {
    EXPECT_THAT(find("libown.so").error().message, HasSubstr("as in ./libown.so"));
}

TEST_F(Lookup, SaysWhichPathIsNotThere) {
    EXPECT_THAT(find("./libother.so").error().message, HasSubstr("looked for " + in("here/libother.so").string()));
    EXPECT_THAT(find("../first").error().message, HasSubstr("is a folder"));
}

TEST_F(Lookup, RefusesANameOfNothing) {
    EXPECT_FALSE(find(""));
    EXPECT_FALSE(find(std::string_view("math\0x", 6)));
}

TEST_F(Lookup, SaysThatThereIsNoFolderToLookIn) {
    EXPECT_THAT(find_plugin("math", {}, in("here")).error().message, HasSubstr("plugin_path is empty"));
}

TEST_F(Lookup, ListsThePluginsThatCanBeNamed) {
    const std::vector<fs::path> folders{in("first"), in("absent"), in("second")};
    EXPECT_THAT(plugin_names(folders), ElementsAre("image", "math"));
}

}  // namespace
}  // namespace poolhost::catalog
