// SPDX-License-Identifier: Apache-2.0
#include "plugin/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace poolhost::plugin {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::filesystem::path specimen(const std::string& name) {
    return std::filesystem::path(POOLHOST_TEST_PLUGINS) / ("lib" + name + ".so");
}

TEST(Registry, FindsTasksByTheirQualifiedNames) {
    Registry registry;
    const LoadedPlugin* const plugin = registry.load(specimen("well_behaved")).value();
    const auto found = registry.find("well_behaved.same");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->plugin, plugin);
    EXPECT_EQ(found->task, plugin->find_task("same"));
    for (const char* name : {"same", "well_behaved.", "well_behaved.other", "", "other.same"})
        EXPECT_FALSE(registry.find(name)) << name;
}

TEST(Registry, KeepsPluginsInTheOrderOfLoading) {
    Registry registry;
    ASSERT_TRUE(registry.load(specimen("well_behaved")));
    ASSERT_TRUE(registry.load(specimen("no_manifest")));
    ASSERT_TRUE(registry.load(specimen("lying_manifest")));
    std::vector<std::string> names;
    for (const LoadedPlugin& plugin : registry.plugins()) names.emplace_back(plugin.name());
    EXPECT_THAT(names, ElementsAre("well_behaved", "no_manifest", "lying_manifest"));
    EXPECT_THAT(registry.task_names(), ElementsAre("lying_manifest.nothing", "no_manifest.nothing",
                                                   "well_behaved.nothing", "well_behaved.same"));
}

TEST(Registry, HasWhatTheTableHasWhateverTheManifestPromised) {
    Registry registry;
    ASSERT_TRUE(registry.load(specimen("lying_manifest")));
    EXPECT_FALSE(registry.find("lying_manifest.promised"));
}

TEST(Registry, TakesTheSameFileTwiceForOnePlugin) {
    Registry registry;
    const LoadedPlugin* const first = registry.load(specimen("well_behaved")).value();
    EXPECT_EQ(registry.load(specimen("well_behaved")).value(), first);
    EXPECT_THAT(registry.plugins(), SizeIs(1));
}

TEST(Registry, RefusesASecondPluginOfTheSameName) {
    Registry registry;
    ASSERT_TRUE(registry.load(specimen("well_behaved")));
    const auto second = registry.load(specimen("twin"));
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message,
                AllOf(HasSubstr("two plugins are called 'well_behaved'"), HasSubstr(specimen("twin").string())));
    EXPECT_THAT(registry.plugins(), SizeIs(1));
}

TEST(Registry, RefusesTheNameOfTheBuiltInTasks) {
    Registry registry;
    EXPECT_THAT(registry.load(specimen("named_poolhost")).error().message, HasSubstr("cannot be called 'poolhost'"));
}

TEST(Registry, IsNotChangedByAFailedLoad) {
    Registry registry;
    EXPECT_FALSE(registry.load(specimen("missing_symbol")));
    EXPECT_FALSE(registry.load(specimen("duplicate_task")));
    EXPECT_THAT(registry.plugins(), SizeIs(0));
    EXPECT_THAT(registry.task_names(), SizeIs(0));
}

}  // namespace
}  // namespace poolhost::plugin
