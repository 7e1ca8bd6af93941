// SPDX-License-Identifier: Apache-2.0
// Anonymous shared memory: memfds, their seals and their mappings.
#pragma once

#include "base/error.hpp"
#include "base/fd.hpp"

#include <cstddef>
#include <span>

namespace poolhost::base {

enum class Access { read_only, read_write };

/// Unmaps its pages when destroyed. Not inherited by forked children.
class Mapping {
public:
    Mapping() = default;
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    [[nodiscard]] std::byte* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return {data_, size_}; }

private:
    friend Result<Mapping> map_memory(int fd, std::size_t size, Access access);
    Mapping(std::byte* data, std::size_t size) : data_(data), size_(size) {}

    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

/// A new memfd of `size` bytes of zeros, close-on-exec, without seals yet.
Result<UniqueFd> make_memory(const char* name, std::size_t size);
/// Maps the first `size` bytes, shared.
Result<Mapping> map_memory(int fd, std::size_t size, Access access);

enum class Seal {
    size,              // can neither shrink nor grow; a mapping stays valid for ever
    size_and_writers,  // besides: nobody maps it writable or writes it from now on; mappings made before stay writable
};
/// Seals for ever; no seal can be added afterwards.
Result<void> seal_memory(int fd, Seal seal);
/// A memfd of exactly these bytes, which nobody can change any more: a message of any size.
Result<UniqueFd> make_sealed_copy(const char* name, std::span<const std::byte> bytes);
/// The size of a memfd that came from another process. An error unless it is sealed against shrinking and made of
/// ordinary pages, since reading a mapping of a file that was cut short, or of huge pages that ran out, raises SIGBUS.
Result<std::size_t> sealed_size(int fd);

}  // namespace poolhost::base
