// SPDX-License-Identifier: Apache-2.0
// The few pieces of MessagePack that the command line itself writes and reads; docs/abi.md has the whole encoding.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace poolhost::cli {

using MessagePack = std::vector<std::byte>;

/// What a reference to a shared buffer stands for, as in plugin.h.
enum class BufferContent : std::uint8_t { bytes = 0, text = 1, typed_array = 2 };

/// Part of a shared buffer that stands for a value. Offset and size are bytes.
struct BufferReference {
    BufferContent content = BufferContent::bytes;
    std::uint64_t id = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

// Each appends to `out`. Sizes are below 4 GiB.
void append_array_head(MessagePack& out, std::size_t count);
void append_text(MessagePack& out, std::string_view text);
void append_bytes(MessagePack& out, std::span<const std::byte> bytes);
/// A JSON text that the worker converts.
void append_json(MessagePack& out, std::string_view text);
void append_reference(MessagePack& out, const BufferReference& reference);

/// A MessagePack value as far as the command line looks into it.
struct PlainValue {
    enum class Kind { null, text, bytes, reference, other };
    Kind kind = Kind::other;
    std::span<const std::byte> bytes;  // of text or bytes; within what was read
    BufferReference reference;
};

/// An error where the value is cut short. What follows it is not looked at.
base::Result<PlainValue> read_plain_value(std::span<const std::byte> value);

}  // namespace poolhost::cli
