// SPDX-License-Identifier: Apache-2.0
#include "hash/digest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace hash {
namespace {

// Small enough to stay in a core's cache between reading and digesting.
constexpr std::size_t block_size = 256 * 1024;

/// A file open for reading, closed at the end of its scope.
class File {
public:
    explicit File(const std::string& path) : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {
        if (fd_ < 0) fail("cannot open");
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { ::close(fd_); }

    /// As much as fits into `block`; empty at the end of the file.
    std::span<const std::byte> read(std::span<std::byte> block) {
        for (;;) {
            const ssize_t size = ::read(fd_, block.data(), block.size());
            if (size >= 0) return block.first(static_cast<std::size_t>(size));
            if (errno != EINTR) fail("cannot read");
        }
    }

    /// Asks the kernel to read further ahead than it does of itself.
    void will_be_read_to_the_end() { ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL); }

private:
    [[noreturn]] void fail(const char* what) const {
        throw std::system_error(errno, std::generic_category(), std::string(what) + " '" + path_ + "'");
    }

    const std::string& path_;
    int fd_;
};

void check(int succeeded) {
    if (succeeded != 1) throw std::runtime_error("OpenSSL cannot compute the digest");
}

std::string hexadecimal(std::span<const unsigned char> octets) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * octets.size());
    for (const unsigned char octet : octets) {
        text.push_back(digits[octet >> 4U]);
        text.push_back(digits[octet & 15U]);
    }
    return text;
}

}  // namespace

Digest::Digest(const char* algorithm)
    : algorithm_(EVP_MD_fetch(nullptr, algorithm, nullptr)), state_(EVP_MD_CTX_new()), block_(block_size) {
    if (!algorithm_) throw std::runtime_error(std::string("OpenSSL offers no ") + algorithm);
    if (!state_) throw std::bad_alloc();
}

std::string Digest::of(std::span<const std::byte> data) {
    begin();
    add(data);
    return end();
}

std::string Digest::of_file(const std::string& path) {
    File file(path);
    begin();
    auto block = file.read(block_);
    if (block.size() == block_.size()) file.will_be_read_to_the_end();
    while (!block.empty()) {
        add(block);
        block = file.read(block_);
    }
    return end();
}

void Digest::begin() { check(EVP_DigestInit_ex2(state_.get(), algorithm_.get(), nullptr)); }

void Digest::add(std::span<const std::byte> data) { check(EVP_DigestUpdate(state_.get(), data.data(), data.size())); }

std::string Digest::end() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> octets;
    unsigned int size = 0;
    check(EVP_DigestFinal_ex(state_.get(), octets.data(), &size));
    return hexadecimal(std::span(octets).first(size));
}

}  // namespace hash
