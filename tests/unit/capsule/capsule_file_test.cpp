// SPDX-License-Identifier: Apache-2.0
#include "capsule/capsule_file.hpp"

#include "base/fd.hpp"
#include "capsule/format.hpp"
#include "sample_capsule.hpp"
#include "unit/catalog/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace poolhost::capsule {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::sample_capsule;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

mode_t mode_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
}

class CapsuleFile : public testing::Test {
protected:
    [[nodiscard]] wire::CapsuleFolder folder(std::uint32_t max = 100, std::uint64_t max_size = 1 << 20) const {
        return {(place_.path() / "state" / "capsules").string(), max, max_size};
    }
    fs::path keep(const wire::Capsule& capsule, const wire::CallInput& input = {},
                  const std::vector<std::span<const std::byte>>& buffers = {}) const {
        const auto written = write(folder(), capsule, input, buffers);
        EXPECT_TRUE(written) << written.error().message;
        return written ? *written : fs::path();
    }
    std::string refusal(const fs::path& file) {
        const auto contents = read(file);
        return contents ? "" : contents.error().message;
    }
    static std::string refusal_of(std::string_view whole_file) {
        const auto parsed = parse(bytes_of(whole_file));
        return parsed ? "" : parsed.error().message;
    }
    [[nodiscard]] fs::path variant(const std::string& content) const {
        return place_.write("variant.capsule", content);
    }
    static std::string content_of(const fs::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    tests::TemporaryFolder place_;
};

TEST_F(CapsuleFile, HoldsWhatWasWritten) {
    const wire::CallInput input{"the arguments", {}, {7, 9, 11}, wire::Encoding::json};
    const std::string large(100'001, 'l');
    const auto file = keep(sample_capsule(), input, {bytes_of("first"), {}, bytes_of(large)});
    const auto contents = read(file);
    ASSERT_TRUE(contents) << contents.error().message;
    EXPECT_TRUE(test::same(contents->capsule, sample_capsule()));
    EXPECT_TRUE(test::same(contents->input, input));
    ASSERT_EQ(contents->buffers.size(), 3U);
    EXPECT_EQ(test::text_of(contents->buffers[0]), "first");
    EXPECT_TRUE(contents->buffers[1].empty());
    EXPECT_EQ(test::text_of(contents->buffers[2]), large);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(contents->buffers[2].data()) % buffer_alignment, 0U);
}

TEST_F(CapsuleFile, IsPrivate) {
    const mode_t before = ::umask(0);
    const auto file = keep(sample_capsule());
    ::umask(before);
    EXPECT_EQ(mode_of(file), 0600U);
    EXPECT_EQ(mode_of(file.parent_path()), 0700U);
    EXPECT_EQ(mode_of(file.parent_path().parent_path()), 0700U);
}

TEST_F(CapsuleFile, IsNamedAfterItsCall) {
    EXPECT_EQ(keep(sample_capsule()).filename(),
              "20261123T011500.123Z-image.thumbnail-crash-" + std::to_string(::getpid()) + ".capsule");
}

TEST_F(CapsuleFile, NeverReplacesAnother) {
    const auto first = keep(sample_capsule());
    const auto second = keep(sample_capsule());
    EXPECT_NE(first, second);
    EXPECT_EQ(names_in(folder().path).size(), 2U);
}

TEST_F(CapsuleFile, OldestMakeRoom) {
    wire::Capsule capsule = sample_capsule();
    std::vector<std::string> written;
    for (int i = 0; i < 5; ++i) {
        capsule.written_unix_ns += 1'000'000'000;
        written.push_back(write(folder(3), capsule, {}, {})->filename());
    }
    EXPECT_THAT(names_in(folder().path), ElementsAre(written[2], written[3], written[4]));
}

TEST_F(CapsuleFile, TheNewestStaysThoughTheClockWentBack) {
    wire::Capsule capsule = sample_capsule();
    keep(capsule);
    capsule.written_unix_ns -= 3'600'000'000'000;
    const auto written = write(folder(1), capsule, {}, {});
    ASSERT_TRUE(written);
    EXPECT_THAT(names_in(folder().path), ElementsAre(written->filename().string()));
}

TEST_F(CapsuleFile, FilesOfOthersStay) {
    keep(sample_capsule());
    place_.write("state/capsules/notes.txt", "mine");
    place_.write("state/capsules/20261123T011500.123Z.capsule", "mine");
    ASSERT_TRUE(write(folder(1), sample_capsule(), {}, {}));
    EXPECT_THAT(names_in(folder().path), ElementsAre("20261123T011500.123Z.capsule", testing::_, "notes.txt"));
}

TEST_F(CapsuleFile, NoneIsKeptWhereNoneIsWanted) {
    const auto written = write(folder(0), sample_capsule(), {}, {});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message, "no capsule is kept: capsules.max is 0");
    EXPECT_FALSE(fs::exists(folder().path));
}

TEST_F(CapsuleFile, TooLargeIsAnError) {
    const std::string large(10'000, 'l');
    const auto written = write(folder(1, 10'000), sample_capsule(), {"", {}, {1}}, std::vector{bytes_of(large)});
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr("more than the 10000 of capsules.max_size"));
    EXPECT_FALSE(fs::exists(folder().path));
}

TEST_F(CapsuleFile, AFullDiskLeavesNothingBehind) {
    ASSERT_TRUE(write(folder(), sample_capsule(), {}, {}));
    const auto before = names_in(folder().path);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    rlimit limits{};
    ::getrlimit(RLIMIT_FSIZE, &limits);
    const rlimit small{5000, limits.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::string large(10'000, 'l');
    const auto written = write(folder(), sample_capsule(), {"", {}, {1}}, std::vector{bytes_of(large)});
    ::setrlimit(RLIMIT_FSIZE, &limits);
    ::signal(SIGXFSZ, handler);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message, "cannot write the capsule: File too large");
    EXPECT_EQ(names_in(folder().path), before);
}

TEST_F(CapsuleFile, AFullFileSystemLeavesNothingBehind) {
    const std::string disk = (place_.path() / "disk").string();
    fs::create_directory(disk);
    if (::mount("none", disk.c_str(), "tmpfs", 0, "size=64k") != 0) GTEST_SKIP() << "may not mount";
    const std::string large(100'000, 'l');
    const auto written = write({disk, 10, 1 << 20}, sample_capsule(), {"", {}, {1}}, std::vector{bytes_of(large)});
    EXPECT_THAT(names_in(disk), IsEmpty());
    ::umount(disk.c_str());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message, "cannot write the capsule: No space left on device");
}

TEST_F(CapsuleFile, AFolderThatCannotBeMadeIsNamed) {
    const auto blocked = place_.write("file", "");
    const auto written = write({(blocked / "capsules").string(), 1, 1 << 20}, sample_capsule(), {}, {});
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error().message, HasSubstr((blocked / "capsules").string()));
}

TEST_F(CapsuleFile, SaysWhatIsWrongWithAFile) {
    EXPECT_EQ(refusal(place_.path() / "none"),
              (place_.path() / "none").string() + ": cannot open it: No such file or directory");
    EXPECT_THAT(refusal(place_.path()), HasSubstr("it is no file"));
    EXPECT_THAT(refusal("/dev/null"), HasSubstr("it is no file"));
    EXPECT_THAT(refusal(variant("")), HasSubstr("the file is no capsule"));
    EXPECT_THAT(refusal(variant(std::string(1000, 'x'))), HasSubstr("the file is no capsule"));
}

TEST_F(CapsuleFile, EveryCutIsNoticed) {
    const std::string whole = content_of(keep(sample_capsule(), {"abc", {}, {1}}, {bytes_of("buffer")}));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string why = refusal_of(whole.substr(0, size));
        EXPECT_THAT(why, HasSubstr(size < sizeof(FileHead) ? "too short" : "cut short")) << size;
    }
    EXPECT_THAT(refusal(variant(whole.substr(0, whole.size() - 1))), HasSubstr("cut short"));
    EXPECT_THAT(refusal(variant(whole + "x")), HasSubstr("something follows its end"));
}

TEST_F(CapsuleFile, EveryChangeIsNoticed) {
    const std::string whole = content_of(keep(sample_capsule(), {"abc", {}, {1}}, {bytes_of("buffer")}));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        const bool reserved = (at >= offsetof(FileHead, reserved) && at < offsetof(FileHead, file_size)) ||
                              (at >= offsetof(FileHead, reserved2) && at < sizeof(FileHead));
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_EQ(refusal_of(changed).empty(), reserved) << at;
    }
}

TEST_F(CapsuleFile, AnotherFormatIsNamed) {
    std::string whole = content_of(keep(sample_capsule()));
    whole[offsetof(FileHead, version)] = 2;
    EXPECT_THAT(refusal(variant(whole)), HasSubstr("has format 2, and this poolhost reads 1"));
}

// What only somebody who computes checksums could have written.
TEST_F(CapsuleFile, ContradictionsAreRefused) {
    const auto refused = [this](const wire::CallInput& input, const std::vector<std::span<const std::byte>>& buffers) {
        return refusal(keep(sample_capsule(), input, buffers)).find("contradicts itself") != std::string::npos;
    };
    EXPECT_TRUE(refused({"", {}, {1, 2}}, {bytes_of("one buffer too few")}));
    EXPECT_TRUE(refused({"", {}, {}}, {bytes_of("one too many")}));
    EXPECT_TRUE(refused({"", wire::BufferPlace{2, 0, 1}, {1}}, {bytes_of("another")}));
    EXPECT_TRUE(refused({"", wire::BufferPlace{1, 3, 5}, {1}}, {bytes_of("shorter")}));
    EXPECT_TRUE(refused({"", wire::BufferPlace{1, ~0ULL, 5}, {1}}, {bytes_of("shorter")}));
    EXPECT_TRUE(refused({"", {}, {}, wire::Encoding{17}}, {}));
    EXPECT_FALSE(refused({"", wire::BufferPlace{1, 3, 4}, {1}}, {bytes_of("shorter")}));
}

}  // namespace
}  // namespace poolhost::capsule
