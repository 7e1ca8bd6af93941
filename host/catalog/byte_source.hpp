// SPDX-License-Identifier: Apache-2.0
// Bytes at offsets: what the ELF reader reads from, be it a file or, in tests and fuzzers, memory.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace poolhost::catalog {

class ByteSource {
public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;

    [[nodiscard]] virtual std::uint64_t size() const = 0;
    /// Fills all of `into` from `offset` on. Offsets beyond the end are an error, never undefined.
    [[nodiscard]] virtual base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) const = 0;
};

/// A view; `bytes` must outlive it.
class MemorySource final : public ByteSource {
public:
    explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}
    [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
    [[nodiscard]] base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) const override;

private:
    std::span<const std::byte> bytes_;
};

/// A regular file, read with pread only: a mapping would die of SIGBUS when somebody cuts the file.
class FileSource final : public ByteSource {
public:
    /// Refuses what is no regular file before opening it, so that no FIFO blocks and no device acts.
    static base::Result<std::unique_ptr<FileSource>> open(const std::filesystem::path& path);

    [[nodiscard]] std::uint64_t size() const override { return size_; }
    [[nodiscard]] base::Result<void> read(std::uint64_t offset, std::span<std::byte> into) const override;

private:
    FileSource(base::UniqueFd fd, std::uint64_t size) : fd_(std::move(fd)), size_(size) {}

    base::UniqueFd fd_;
    std::uint64_t size_;
};

}  // namespace poolhost::catalog
