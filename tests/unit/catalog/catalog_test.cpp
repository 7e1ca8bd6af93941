// SPDX-License-Identifier: Apache-2.0
#include "catalog/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/catalog/specimen.hpp"
#include "unit/catalog/temporary_folder.hpp"

namespace poolhost::catalog {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using tests::specimen;

std::string complaint(Catalog& catalog, const std::filesystem::path& file) {
    const auto added = catalog.add(file);
    return added ? "no complaint" : added.error().message;
}

TEST(Catalog, FindsTasksByTheirQualifiedNames) {
    Catalog catalog;
    const auto added = catalog.add(specimen("well_behaved"));
    ASSERT_TRUE(added) << added.error().message;
    EXPECT_EQ((*added)->version, "1.2.3");
    ASSERT_NE(catalog.find_task("well_behaved.same"), nullptr);
    EXPECT_TRUE(catalog.find_task("well_behaved.same")->idempotent);
    for (const char* name : {"well_behaved.other", "same", "well_behaved", "well_behaved.", ".same", "", "other.same"})
        EXPECT_EQ(catalog.find_task(name), nullptr) << name;
}

TEST(Catalog, AlwaysHasTheBuiltInTasks) {
    const Catalog catalog;
    EXPECT_THAT(catalog.plugins(), SizeIs(0));
    EXPECT_THAT(catalog.task_names(),
                ElementsAre("poolhost.start_method", "poolhost.ping", "poolhost.echo", "poolhost.worker_info"));
    EXPECT_EQ(to_string(catalog.find_task("poolhost.echo")->signature), "(value: value) -> value");
    EXPECT_EQ(catalog.find_plugin("poolhost"), &built_in_manifest());
}

TEST(Catalog, KeepsWhatItHandedOutWhereItIs) {
    Catalog catalog;
    const Manifest* const first = catalog.add(specimen("well_behaved")).value();
    for (int i = 0; i < 100; ++i) {
        Manifest other;
        other.name = "plugin" + std::to_string(i);
        ASSERT_TRUE(catalog.add(other));
    }
    EXPECT_EQ(catalog.find_plugin("well_behaved"), first);
}

TEST(Catalog, TakesTheSameFileTwiceForOnePlugin) {
    Catalog catalog;
    const Manifest* const first = catalog.add(specimen("well_behaved")).value();
    EXPECT_EQ(catalog.add(specimen("well_behaved")).value(), first);
    const std::filesystem::path detour = specimen("well_behaved").parent_path() / "." / "libwell_behaved.so";
    EXPECT_EQ(catalog.add(detour).value(), first);
    EXPECT_THAT(catalog.plugins(), SizeIs(1));
}

TEST(Catalog, RefusesASecondPluginOfTheSameName) {
    Catalog catalog;
    ASSERT_TRUE(catalog.add(specimen("well_behaved")));
    EXPECT_THAT(complaint(catalog, specimen("twin")),
                AllOf(HasSubstr("two plugins are called 'well_behaved'"), HasSubstr(specimen("well_behaved").string()),
                      HasSubstr(specimen("twin").string())));
}

TEST(Catalog, RefusesTheNameOfTheBuiltInTasks) {
    Catalog catalog;
    EXPECT_THAT(complaint(catalog, specimen("named_poolhost")), HasSubstr("cannot be called 'poolhost'"));
}

TEST(Catalog, RefusesPluginsOfAnotherAbi) {
    Catalog catalog;
    EXPECT_THAT(complaint(catalog, specimen("abi_too_new")), HasSubstr("plugin 'abi_too_new' is too new"));
    EXPECT_THAT(complaint(catalog, specimen("abi_newer_minor")), HasSubstr("plugin 'abi_newer_minor' is too new"));
    EXPECT_THAT(complaint(catalog, specimen("abi_too_old")), HasSubstr("plugin 'abi_too_old' is too old"));
    EXPECT_THAT(catalog.plugins(), SizeIs(0));
}

TEST(Catalog, RefusesPluginsThatOthersCouldChange) {
    const tests::TemporaryFolder folder;
    const auto file = folder.write("libcopy.so", tests::bytes_of(specimen("well_behaved")));
    std::filesystem::permissions(file, std::filesystem::perms::others_write, std::filesystem::perm_options::add);
    Catalog catalog;
    EXPECT_THAT(complaint(catalog, file), HasSubstr("can be written by everybody"));
}

TEST(Catalog, RefusesWhatIsNoPlugin) {
    Catalog catalog;
    EXPECT_THAT(complaint(catalog, specimen("no_plugin")), HasSubstr("has no poolhost manifest"));
    EXPECT_THAT(complaint(catalog, specimen("no_manifest")), HasSubstr("has no poolhost manifest"));
}

TEST(Catalog, KnowsTheTaskThatWasMeant) {
    Catalog catalog;
    ASSERT_TRUE(catalog.add(specimen("well_behaved")));
    EXPECT_EQ(catalog.nearest_task("well_behaved.sane"), "well_behaved.same");
    EXPECT_EQ(catalog.nearest_task("same"), "well_behaved.same");
    EXPECT_EQ(catalog.nearest_task("other.same"), "well_behaved.same");
    EXPECT_EQ(catalog.nearest_task("poolhost.pong"), "poolhost.ping");
    EXPECT_EQ(catalog.nearest_task("quaternions.multiply"), std::nullopt);
}

}  // namespace
}  // namespace poolhost::catalog
