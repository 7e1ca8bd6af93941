// SPDX-License-Identifier: Apache-2.0
// Whatever lies at a path: an answer, and never a crash, a wait or a large allocation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <random>

#include "base/fd.hpp"
#include "catalog/describe.hpp"
#include "catalog/manifest.hpp"
#include "unit/catalog/specimen.hpp"
#include "unit/catalog/temporary_folder.hpp"

namespace poolhost::catalog {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using tests::bytes_of;
using tests::source_of;
using tests::specimen;

std::string complaint(const std::filesystem::path& file) {
    const auto manifest = read_manifest(file);
    return manifest ? "no complaint" : manifest.error().message;
}

TEST(ManifestFile, IsReadFromARealPlugin) {
    const Manifest manifest = read_manifest(specimen("well_behaved")).value();
    EXPECT_EQ(manifest.file, specimen("well_behaved"));
    EXPECT_EQ(manifest.name, "well_behaved");
    EXPECT_EQ(manifest.version, "1.2.3");
    EXPECT_EQ(manifest.sdk, "c");
    EXPECT_THAT(manifest.build_id, testing::SizeIs(40));
    ASSERT_NE(manifest.find_task("same"), nullptr);
    EXPECT_EQ(manifest.find_task("same")->timeout, std::chrono::milliseconds(1500));
}

TEST(ManifestFile, OfEveryLengthIsAnsweredAndOnlyTheWholeManifestIsRead) {
    const std::string whole = bytes_of(specimen("well_behaved"));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const MemorySource cut(std::as_bytes(std::span(whole)).first(length));
        const auto manifest = read_manifest("cut.so", cut);
        if (manifest)
            EXPECT_EQ(manifest->name, "well_behaved");
        else
            EXPECT_THAT(manifest.error().message, StartsWith("cut.so: "));
    }
}

// The manifest lies in the first kilobyte or two, so half of the damage goes there.
TEST(ManifestFile, WithDamagedBytesIsAnswered) {
    const std::string whole = bytes_of(specimen("well_behaved"));
    std::mt19937 random(20260101);
    const auto below = [&](std::size_t limit) { return random() % limit; };
    for (int round = 0; round < 4000; ++round) {
        std::string damaged = whole;
        for (std::size_t flips = 1 + below(8); flips > 0; --flips)
            damaged[below(round % 2 == 0 ? 2048 : damaged.size())] = static_cast<char>(below(256));
        const auto manifest = read_manifest("damaged.so", source_of(damaged));
        if (manifest)
            EXPECT_FALSE(describe(*manifest).empty());
        else
            EXPECT_THAT(manifest.error().message, StartsWith("damaged.so: "));
    }
}

TEST(ManifestFile, ThatIsNoFileIsRefusedByItsKind) {
    const tests::TemporaryFolder folder;
    EXPECT_THAT(complaint(folder.path()), HasSubstr("is a folder"));
    EXPECT_THAT(complaint(folder.path() / "absent.so"), HasSubstr("absent.so: cannot be found: No such file"));
    EXPECT_THAT(complaint("/dev/zero"), StartsWith("/dev/zero: is a device"));
    EXPECT_THAT(complaint(""), HasSubstr("cannot be found"));

    const std::filesystem::path fifo = folder.path() / "fifo.so";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_THAT(complaint(fifo), HasSubstr("is a FIFO"));

    const std::filesystem::path link = folder.path() / "loop.so";
    std::filesystem::create_symlink(link, link);
    EXPECT_THAT(complaint(link), HasSubstr("symbolic links"));
}

TEST(ManifestFile, ThatIsASocketIsRefused) {
    const tests::TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "socket.so";
    const base::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_THAT(complaint(path), HasSubstr("is a socket"));
}

TEST(ManifestFile, ThatMayNotBeReadSaysSo) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
    const tests::TemporaryFolder folder;
    const auto file = folder.write("secret.so", "x");
    std::filesystem::permissions(file, std::filesystem::perms::none);
    EXPECT_THAT(complaint(file), HasSubstr("cannot be opened: Permission denied"));
}

TEST(ManifestFile, OfATebibyteOfNothingIsRefusedAtOnce) {
    const tests::TemporaryFolder folder;
    const auto file = folder.write("sparse.so", bytes_of(specimen("well_behaved")).substr(0, 64));
    std::filesystem::resize_file(file, std::uintmax_t{1} << 40);
    EXPECT_THAT(complaint(file), HasSubstr("no poolhost manifest"));
}

TEST(ManifestFile, ThatIsAProgramOrASystemLibraryHasNoManifest) {
    EXPECT_THAT(complaint("/proc/self/exe"), HasSubstr("has no poolhost manifest"));
}

}  // namespace
}  // namespace poolhost::catalog
