// SPDX-License-Identifier: Apache-2.0
// Writes MessagePack whose lists and maps are counted only while they are written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace poolhost::worker {

/// Keeps its memory from one value to the next. Lists and maps always take the form with a 32-bit count, which is
/// filled in at their end.
class MessagePackWriter {
public:
    [[nodiscard]] std::span<const std::byte> written() const { return std::as_bytes(std::span(out_)); }
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    void clear() { out_.clear(); }
    /// Takes back what was written beyond `size`.
    void cut(std::size_t size) { out_.resize(size); }

    void null() { out_.push_back('\xc0'); }
    void boolean(bool on) { out_.push_back(on ? '\xc3' : '\xc2'); }
    void integer(std::int64_t number);
    void unsigned_integer(std::uint64_t number);
    void float64(double number);
    /// Text that is not UTF-8 travels as bytes.
    void text(std::string_view text);
    /// Up to 4 GiB, as all that is counted here.
    void bytes(std::string_view bytes) { counted(0xc6, bytes); }
    /// A list of exactly one element, which follows.
    void list_of_one() { out_.push_back('\x91'); }

    /// The place where the count will stand, for close().
    [[nodiscard]] std::size_t open_list() { return open(0xdd); }
    [[nodiscard]] std::size_t open_map() { return open(0xdf); }
    void close(std::size_t place, std::uint32_t count);

    /// A whole value that is MessagePack already.
    void copy(std::span<const std::byte> value);

private:
    std::size_t open(unsigned code);
    void coded(unsigned code, std::uint64_t number, unsigned size);
    void counted(unsigned code32, std::string_view bytes);

    std::string out_;
};

}  // namespace poolhost::worker
