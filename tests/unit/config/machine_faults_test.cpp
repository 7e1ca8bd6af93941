// SPDX-License-Identifier: Apache-2.0
// What is wrong only on this machine: plugins, tasks, arguments, folders and CPUs that are not there or do not fit.
#include "faulty_configuration.hpp"

#include "config/cpus.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace poolhost::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::filesystem::path built = POOLHOST_SAMPLE_PLUGINS;

/// A folder with the configuration, and in it plugins/ with the sample plugins.
class OnThisMachine : public testing::Test {
protected:
    OnThisMachine() {
        std::string pattern = testing::TempDir() + "poolhost-config-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        std::filesystem::create_directory(folder_ / "plugins");
        for (const auto* name : {"libsample.so", "libsolitary.so", "libfuture.so"}) {
            std::filesystem::copy_file(built / name, folder_ / "plugins" / name);
            std::filesystem::permissions(folder_ / "plugins" / name, std::filesystem::perms(0644));
        }
    }
    ~OnThisMachine() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] ConfigResult load(const std::string& text, LoadOptions options = {}) const {
        return load_config_text(text, folder_ / "f.yaml", options);
    }
    [[nodiscard]] std::vector<std::string> faults(const std::string& keys) const {
        return fault_lines(load("plugin_path: [plugins]\npools:\n  a:\n    " + keys + "\n"));
    }

    std::filesystem::path folder_;
};

TEST_F(OnThisMachine, PluginsAreFoundByNameAndByPath) {
    const auto config =
        load("plugin_path: [missing, plugins]\npools: {a: {plugins: [sample, ./plugins/libsolitary.so]}}");
    ASSERT_THAT(fault_lines(config), IsEmpty());
    EXPECT_EQ(config->pools[0].plugins[0].file, folder_ / "plugins/libsample.so");
    EXPECT_EQ(config->pools[0].plugins[1].file, folder_ / "plugins/libsolitary.so");
}

TEST_F(OnThisMachine, FurtherFoldersComeAfterPluginPath) {
    const auto config = load("pools: {a: {plugins: [sample]}}", {Depth::full, {folder_ / "plugins"}, 0});
    ASSERT_THAT(fault_lines(config), IsEmpty());
    EXPECT_EQ(config->pools[0].plugins[0].file, folder_ / "plugins/libsample.so");
}

TEST_F(OnThisMachine, UnknownPluginsHaveTheirNearestName) {
    EXPECT_THAT(faults("plugins: [sampel]"),
                ElementsAre(AllOf(StartsWith("4:15: pools.a.plugins[0]: there is no plugin 'sampel'"),
                                  HasSubstr("; did you mean 'sample'?"))));
    EXPECT_THAT(faults("plugins: [zebra]"),
                ElementsAre(AllOf(HasSubstr("looked for libzebra.so and zebra.so in "),
                                  HasSubstr("; build it, or name its folder in plugin_path"))));
    EXPECT_THAT(faults("plugins: [./no.so]"),
                ElementsAre(HasSubstr("there is no plugin '" + (folder_ / "no.so").string())));
}

TEST_F(OnThisMachine, EveryFaultyPluginIsReported) { EXPECT_THAT(faults("plugins: [one, sample, two]").size(), 2U); }

TEST_F(OnThisMachine, FilesThatAreNoPluginsAreRefused) {
    std::ofstream(folder_ / "plugins/text.so") << "not an ELF file";
    EXPECT_THAT(faults("plugins: [text]"), ElementsAre(StartsWith("4:15: pools.a.plugins[0]: ")));
}

TEST_F(OnThisMachine, PluginsThatOthersCanWriteAreRefused) {
    std::filesystem::permissions(folder_ / "plugins/libsample.so", std::filesystem::perms(0666));
    EXPECT_THAT(faults("plugins: [sample]"),
                ElementsAre(AllOf(HasSubstr("can be written by"), HasSubstr("; make it yours alone"))));
}

TEST_F(OnThisMachine, PluginsOfAForeignAbiAreRefused) {
    EXPECT_THAT(faults("plugins: [future]"),
                ElementsAre(AllOf(StartsWith("4:15: pools.a.plugins[0]: "), HasSubstr("99.0"))));
}

TEST_F(OnThisMachine, PluginsThatMustNotForkAskForSpawn) {
    EXPECT_THAT(faults("{plugins: [solitary], start_method: fork}"),
                ElementsAre("4:16: pools.a.plugins[0]: the plugin 'solitary' must not cross a fork: it starts threads; "
                            "write start_method: spawn for this pool"));
    EXPECT_THAT(faults("{plugins: [solitary], start_method: spawn}"), IsEmpty());
    EXPECT_THAT(faults("{plugins: [solitary], start_method: forkserver}"), IsEmpty());
}

TEST_F(OnThisMachine, PluginsThatMustNotForkCannotBePreloadedInAForkServer) {
    const std::string preload = "{plugins: [solitary], preload: {task: solitary.warm_up}, start_method: ";
    EXPECT_THAT(faults(preload + "forkserver}"),
                ElementsAre(AllOf(HasSubstr("pools.a.preload: the plugin 'solitary' must not"),
                                  HasSubstr("; write start_method: spawn"))));
    EXPECT_THAT(faults(preload + "spawn}"), IsEmpty());
}

TEST_F(OnThisMachine, UnknownTasksHaveTheirNearestName) {
    EXPECT_THAT(faults("{plugins: [sample], initializer: {task: sample.rest}}"),
                ElementsAre("4:45: pools.a.initializer.task: no plugin of this pool has a task 'sample.rest'; "
                            "did you mean 'sample.reset'?"));
    EXPECT_THAT(faults("{plugins: [sample], preload: [{task: sample.reset}, {task: solitary.warm_up}]}"),
                ElementsAre(StartsWith("4:64: pools.a.preload[1].task: no plugin of this pool has a task")));
}

TEST_F(OnThisMachine, TasksOfAMissingPluginAreNotReportedAsWell) {
    EXPECT_THAT(faults("{plugins: [sampel], initializer: {task: sampel.load}}"),
                ElementsAre(HasSubstr("no plugin 'sampel'")));
}

TEST_F(OnThisMachine, BuiltInTasksAreThereWithoutAPlugin) {
    EXPECT_THAT(faults("{plugins: [], initializer: {task: poolhost.ping}}"), IsEmpty());
}

TEST_F(OnThisMachine, ArgumentsThatFitAreFine) {
    for (const auto* args :
         {"[a.bin, 3]", "[a.bin, -3, 1.5]", "[a.bin, 3, ~]", "{width: 3, path: x}", "[\"5\", 3, 2]"}) {
        EXPECT_THAT(faults("{plugins: [sample], initializer: {task: sample.load, args: " + std::string(args) + "}}"),
                    IsEmpty());
    }
    EXPECT_THAT(faults("{plugins: [sample], initializer: {task: sample.shape, args: [true, [1, 2], {a: 1}]}}"),
                IsEmpty());
}

TEST_F(OnThisMachine, ArgumentsThatDoNotFitAreNamed) {
    const auto faults_with = [&](const std::string& args) {
        return faults("{plugins: [sample], initializer: {task: sample.load, args: " + args + "}}");
    };
    const std::string signature = "'load' takes (path: string, width: int32, scale: optional<float64>) -> null";
    EXPECT_THAT(faults_with("[x]"),
                ElementsAre("4:64: pools.a.initializer.args: expected 2 to 3 arguments, got 1; " + signature));
    EXPECT_THAT(
        faults_with("[5, wide]"),
        ElementsAre("4:65: pools.a.initializer.args[0]: argument 1 'path': expected string, got '5'; " + signature,
                    "4:68: pools.a.initializer.args[1]: argument 2 'width': expected int32, got 'wide'; " + signature));
    EXPECT_THAT(faults_with("[x, 2147483648]"), ElementsAre(HasSubstr("expected int32, got '2147483648'")));
    EXPECT_THAT(
        faults_with("{path: x, widht: 1}"),
        ElementsAre(
            HasSubstr("the argument 'width' is missing"),
            "4:74: pools.a.initializer.args.widht: the task has no argument of this name; did you mean 'width'?"));
    EXPECT_THAT(faults("{plugins: [sample], initializer: {task: sample.load}}"),
                ElementsAre(HasSubstr("nothing is given")));
    EXPECT_THAT(faults("{plugins: [sample], initializer: {task: sample.shape, args: [1, x, []]}}").size(), 3U);
}

TEST_F(OnThisMachine, FoldersHaveToBeThere) {
    EXPECT_THAT(faults("{plugins: [], working_directory: nowhere}"),
                ElementsAre("4:38: pools.a.working_directory: '" + (folder_ / "nowhere").string() +
                            "' does not exist; name a folder that is there; relative paths are relative to this file"));
    EXPECT_THAT(faults("{plugins: [], working_directory: plugins/libsample.so}"),
                ElementsAre(HasSubstr("is no folder")));
    EXPECT_THAT(faults("{plugins: [], working_directory: plugins}"), IsEmpty());
}

TEST_F(OnThisMachine, CpusHaveToBeOursToUse) {
    EXPECT_THAT(faults("{plugins: [], cpu_affinity: [1023]}"),
                ElementsAre(StartsWith(
                    "4:33: pools.a.cpu_affinity: CPU 1023 is not one that this process may use; choose among ")));
    EXPECT_THAT(faults("{plugins: [], cpu_affinity: [" + std::to_string(allowed_cpus().at(0)) + "]}"), IsEmpty());
}

TEST_F(OnThisMachine, TokenFilesHaveToBeThere) {
    EXPECT_THAT(fault_lines(load("listen: {http: '0.0.0.0:80', http_token_file: t}\npools: {a: {plugins: []}}")),
                ElementsAre(StartsWith("1:47: listen.http_token_file: ")));
}

TEST_F(OnThisMachine, AutoMeansTheCpusThatMayBeUsed) {
    const auto config = load("pools: {a: {plugins: []}}");
    EXPECT_EQ(config->pools[0].processes.max, usable_cpus());
    EXPECT_EQ(load("pools: {a: {plugins: []}}", {Depth::full, {}, 5})->pools[0].processes.min, 5U);
}

TEST_F(OnThisMachine, FaultsOfTextAndMachineComeTogetherInTheFilesOrder) {
    const auto lines =
        fault_lines(load("pools:\n  a: {plugins: [nothing], nice: x}\n  b: {plugins: [nobody], pices: 1}\n"));
    EXPECT_THAT(lines, ElementsAre(StartsWith("2:17:"), StartsWith("2:33:"), StartsWith("3:17:"), StartsWith("3:26:")));
}

}  // namespace
}  // namespace poolhost::config
