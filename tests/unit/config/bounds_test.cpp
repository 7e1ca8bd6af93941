// SPDX-License-Identifier: Apache-2.0
// Texts that are built to hurt a parser, and files that are none: refused at once, at a place, without a crash.
#include "faulty_configuration.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace poolhost::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string repeat(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::vector<std::string> faults_of(std::string_view text) {
    return fault_lines(load_config_text(text, "/folder/f.yaml", LoadOptions{Depth::parse_only, {}, 2}));
}

TEST(Bounds, DeepNestingIsAFaultHoweverItIsWritten) {
    for (const std::string_view opening : {"[", "{", "- ", "? ", "[a: ", "{a: ", "[{"}) {
        EXPECT_THAT(faults_of(repeat(opening, 100'000)), ElementsAre(HasSubstr("more than 64 levels"))) << opening;
    }
    std::string indented;
    for (int level = 0; level < 700; ++level) indented += std::string(static_cast<std::size_t>(level), ' ') + "a:\n";
    EXPECT_THAT(faults_of(indented), ElementsAre(HasSubstr("more than 64 levels")));
}

TEST(Bounds, DeepNestingThroughAliasesIsAFault) {
    const std::string text =
        "a: &a " + repeat("[", 40) + repeat("]", 40) + "\nb: " + repeat("[", 40) + "*a" + repeat("]", 40);
    EXPECT_THAT(faults_of(text), ElementsAre(HasSubstr("more than 64 levels")));
}

TEST(Bounds, AliasesOfAliasesDoNotUnfoldToBillions) {
    std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
    for (char name = 'b'; name <= 'j'; ++name) {
        const std::string before = std::string("*") + static_cast<char>(name - 1);
        text += std::string(1, name) + ": &" + name + " [" + repeat(before + ", ", 9) + before + "]\n";
    }
    EXPECT_THAT(faults_of(text), ElementsAre(HasSubstr("the file holds more than 100000 values, aliases unfolded")));
}

TEST(Bounds, LargeTextsAreRefusedUnread) {
    EXPECT_THAT(faults_of(std::string((1U << 20U) + 1, '#')),
                ElementsAre(HasSubstr("1:1: the file is larger than 1MiB")));
}

TEST(Bounds, FloodsOfFaultsEnd) {
    std::string text = "pools:\n  a:\n    plugins: []\n";
    for (int i = 0; i < 5000; ++i) text += "    no" + std::to_string(i) + ": 1\n";
    EXPECT_EQ(faults_of(text).size(), 1000U);
}

class Files : public testing::Test {
protected:
    Files() {
        std::string pattern = testing::TempDir() + "poolhost-config-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
    }
    ~Files() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::vector<std::string> faults_of_file(const std::filesystem::path& name) const {
        return fault_lines(load_config(folder_ / name, LoadOptions{Depth::parse_only, {}, 2}));
    }

    std::filesystem::path folder_;
};

TEST_F(Files, ThatDoNotExistAreNamed) {
    EXPECT_THAT(faults_of_file("none.yaml"),
                ElementsAre("1:1: the file cannot be opened: No such file or directory; name a file that exists"));
}

TEST_F(Files, ThatAreFoldersAreRefused) {
    EXPECT_THAT(faults_of_file("."), ElementsAre("1:1: this is a folder; name the YAML file itself"));
}

TEST_F(Files, ThatArePipesBlockNobody) {
    ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    EXPECT_THAT(faults_of_file("pipe"), ElementsAre("1:1: this is no regular file; name a YAML file"));
}

TEST_F(Files, AreReadWholly) {
    std::ofstream(folder_ / "good.yaml") << "pools: {a: {plugins: [./x.so]}}\n";
    const auto config = load_config(folder_ / "good.yaml", LoadOptions{Depth::parse_only, {}, 2});
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->pools[0].plugins[0].name_or_path, (folder_ / "x.so").string());
    EXPECT_EQ(config->origin.file, folder_ / "good.yaml");
}

}  // namespace
}  // namespace poolhost::config
