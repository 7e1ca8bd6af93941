// SPDX-License-Identifier: Apache-2.0
#include "hash/digest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

namespace {

using hash::Digest;

std::span<const std::byte> octets(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

class FileDigest : public testing::Test {
protected:
    std::string write(std::string_view content) {
        const auto path = std::filesystem::path(testing::TempDir()) / ("poolhost_digest_" + std::to_string(::getpid()));
        std::ofstream(path, std::ios::binary) << content;
        files_.push_back(path);
        return path;
    }
    void TearDown() override {
        for (const auto& file : files_) std::filesystem::remove(file);
    }

    Digest sha256_{"SHA256"};

private:
    std::vector<std::filesystem::path> files_;
};

TEST(Digest, GivesThePublishedTestVectors) {
    EXPECT_EQ(Digest("SHA256").of(octets("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(Digest("SHA256").of({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(Digest("MD5").of(octets("abc")), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(Digest("SHA512").of(octets("abc")).substr(0, 16), "ddaf35a193617aba");
}

TEST(Digest, OneObjectServesManyInputs) {
    Digest digest("SHA256");
    const auto first = digest.of(octets("abc"));
    EXPECT_NE(digest.of(octets("abd")), first);
    EXPECT_EQ(digest.of(octets("abc")), first);
}

TEST(Digest, NamesAnAlgorithmThatIsNotOffered) {
    try {
        const Digest digest("NONSENSE");
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "OpenSSL offers no NONSENSE");
    }
}

TEST_F(FileDigest, EqualsTheDigestOfItsContentWhateverItsSize) {
    for (const std::size_t size : {0U, 1U, 4096U, 256U * 1024U - 1, 256U * 1024U, 256U * 1024U + 1, 1'000'000U}) {
        std::string content(size, '\0');
        for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 31 % 251);
        EXPECT_EQ(sha256_.of_file(write(content)), sha256_.of(octets(content))) << size;
    }
}

TEST_F(FileDigest, AnUnreadableFileIsAnErrorThatNamesItAndHarmsNothing) {
    try {
        sha256_.of_file("/nowhere/at all");
        FAIL();
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
        EXPECT_STREQ(error.what(), "cannot open '/nowhere/at all': No such file or directory");
    }
    EXPECT_EQ(sha256_.of_file(write("abc")), sha256_.of(octets("abc")));
}

TEST_F(FileDigest, AFolderIsAnError) {
    try {
        sha256_.of_file("/");
        FAIL();
    } catch (const std::system_error& error) {
        EXPECT_STREQ(error.what(), "cannot read '/': Is a directory");
    }
}

}  // namespace
