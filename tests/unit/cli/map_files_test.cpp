// SPDX-License-Identifier: Apache-2.0
#include "cli/map_result_files.hpp"
#include "cli/map_results_file.hpp"
#include "unit/catalog/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>
#include <sstream>

namespace poolhost::cli {
namespace {

using testing::HasSubstr;
using tests::TemporaryFolder;

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

constexpr const char* good = "{\"index\": 0, \"value\": 1}\n";
constexpr const char* bad = "{\"index\": 1, \"item\": 5, \"error\": {}}\n";

// ---- --out

TEST(MapResultsFile, IsMade) {
    const TemporaryFolder folder;
    const auto file = open_results_file(folder.path() / "out", OutMode::anew);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->earlier.count(), 0U);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "out"));
}

TEST(MapResultsFile, MayBeThereAsLongAsItIsEmpty) {
    const TemporaryFolder folder;
    EXPECT_TRUE(open_results_file(folder.write("out", ""), OutMode::anew));
    const auto full = open_results_file(folder.write("full", good), OutMode::anew);
    ASSERT_FALSE(full);
    EXPECT_THAT(full.error().message, HasSubstr("--resume"));
    EXPECT_EQ(text_of(folder.path() / "full"), good);
}

TEST(MapResultsFile, IsWrittenByOneRunAtATime) {
    const TemporaryFolder folder;
    const auto first = open_results_file(folder.path() / "out", OutMode::anew);
    ASSERT_TRUE(first);
    for (const OutMode mode : {OutMode::anew, OutMode::resume, OutMode::retry_failed}) {
        const auto second = open_results_file(folder.path() / "out", mode);
        ASSERT_FALSE(second);
        EXPECT_THAT(second.error().message, HasSubstr("another poolhost map"));
    }
}

TEST(MapResultsFile, LosesALineThatWasCutOff) {
    const TemporaryFolder folder;
    for (const char* cut : {"{", "{\"index\": 2, \"value\": 3", "{\"index\": 2, \"value\": 3}"}) {
        const auto path = folder.write("out", std::string(good) + bad + cut);
        auto file = open_results_file(path, OutMode::resume);
        ASSERT_TRUE(file) << file.error().message;
        EXPECT_EQ(file->earlier.count(), 2U);
        EXPECT_EQ(file->earlier.failures(), 1U);
        ASSERT_EQ(::write(file->fd.get(), "next\n", 5), 5);
        EXPECT_EQ(text_of(path), std::string(good) + bad + "next\n");
    }
}

TEST(MapResultsFile, IsBegunWhereThereIsNothingToResume) {
    const TemporaryFolder folder;
    EXPECT_TRUE(open_results_file(folder.path() / "a", OutMode::resume));
    EXPECT_TRUE(open_results_file(folder.path() / "b", OutMode::retry_failed));
}

TEST(MapResultsFile, LosesTheLinesOfFailuresThatAreRetried) {
    const TemporaryFolder folder;
    const auto path = folder.write("out", std::string(bad) + good + "{\"ind");
    const auto file = open_results_file(path, OutMode::retry_failed);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(text_of(path), good);
    EXPECT_TRUE(file->earlier.has(0));
    EXPECT_FALSE(file->earlier.has(1));
    EXPECT_EQ(file->earlier.digest(1), item_digest("5"));
    ASSERT_EQ(::write(file->fd.get(), "next\n", 5), 5);
    EXPECT_EQ(text_of(path), std::string(good) + "next\n");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(MapResultsFile, KeepsItsModeAndItsLinkWhenItIsRewritten) {
    const TemporaryFolder folder;
    const auto path = folder.write("real", std::string(bad) + good);
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::create_symlink(path, folder.path() / "link");
    ASSERT_TRUE(open_results_file(folder.path() / "link", OutMode::retry_failed));
    EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "link"));
    EXPECT_EQ(text_of(path), good);
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(MapResultsFile, IsLeftAloneWhereItIsSomethingElse) {
    const TemporaryFolder folder;
    const std::string text = std::string(good) + "buy milk\n" + bad;
    const auto path = folder.write("notes", text);
    for (const OutMode mode : {OutMode::resume, OutMode::retry_failed}) {
        const auto file = open_results_file(path, mode);
        ASSERT_FALSE(file);
        EXPECT_THAT(file.error().message, HasSubstr("notes:2:"));
        EXPECT_EQ(text_of(path), text);
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    EXPECT_FALSE(open_results_file("/dev/null", OutMode::resume));
    EXPECT_FALSE(open_results_file(folder.path() / "no" / "folder", OutMode::anew));
}

// ---- --output

TEST(MapResultFiles, AreWrittenIntoFoldersThatAreMade) {
    const TemporaryFolder folder;
    const std::string name = (folder.path() / "a/b/c").string();
    ASSERT_TRUE(write_result_file(name, bytes("hello")));
    EXPECT_EQ(text_of(name), "hello");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path() / "a/b"), {}), 1);
}

TEST(MapResultFiles, ReplaceWhatIsThere) {
    const TemporaryFolder folder;
    const std::string name = folder.write("x", "something long").string();
    ASSERT_TRUE(write_result_file(name, bytes("new")));
    EXPECT_EQ(text_of(name), "new");
}

TEST(MapResultFiles, MayHaveTheLongestName) {
    const TemporaryFolder folder;
    const std::string name = (folder.path() / std::string(255, 'n')).string();
    ASSERT_TRUE(write_result_file(name, bytes("x")));
    EXPECT_EQ(text_of(name), "x");
}

TEST(MapResultFiles, LeaveNothingWhereTheyCannotBeWritten) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "d");
    const auto onto_folder = write_result_file((folder.path() / "d").string(), bytes("x"));
    ASSERT_FALSE(onto_folder);
    EXPECT_THAT(onto_folder.error().message, HasSubstr("directory"));
    const auto below_file = write_result_file((folder.write("f", "") / "x").string(), bytes("x"));
    EXPECT_FALSE(below_file);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 2);
}

TEST(MapResultFiles, HaveOneNameEach) {
    ResultFiles files(Template("out/{/}"));
    EXPECT_TRUE(files.claim({"a/x", 0}));
    EXPECT_TRUE(files.claim({"a/y", 1}));
    const auto again = files.claim({"b/x", 2});
    ASSERT_FALSE(again);
    EXPECT_THAT(again.error().message, HasSubstr("out/x"));
}

TEST(MapResultFiles, HaveOneNameEachHoweverItIsSpelled) {
    ResultFiles files(Template("{}"));
    EXPECT_TRUE(files.claim({"a/x", 0}));
    EXPECT_FALSE(files.claim({"a//x", 1}));
    EXPECT_FALSE(files.claim({"./a/x", 2}));
    EXPECT_FALSE(files.claim({"a/b/../x", 3}));
}

TEST(MapResultFiles, NeedAName) {
    ResultFiles files(Template("{/}"));
    EXPECT_FALSE(files.claim({"", 0}));
    EXPECT_FALSE(files.claim({"folder/", 1}));
    EXPECT_FALSE(ResultFiles(Template("{}/")).claim({"x", 0}));
    EXPECT_FALSE(files.claim({{"a\0b", 3}, 2}));
}

TEST(NameSet, KnowsAHundredThousandNames) {
    NameSet names;
    for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(names.take(std::to_string(i)));
    for (int i = 0; i < 100'000; ++i) ASSERT_FALSE(names.take(std::to_string(i)));
}

}  // namespace
}  // namespace poolhost::cli
