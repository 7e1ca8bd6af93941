// SPDX-License-Identifier: Apache-2.0
// The arguments of a call outside of a ring: where their bytes lie, and what these refer to.
#pragma once

#include "base/digest.hpp"
#include "wire/records.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace poolhost::wire {

/// The arguments lie in `bytes`, or at `place` in one of the buffers, whose contents come beside this, in this order.
struct CallInput {
    std::string bytes;
    std::optional<BufferPlace> place;
    std::vector<std::uint64_t> buffers;  // ids
    Encoding encoding = Encoding::messagepack;
    static void fields(auto& self, auto&& visit) { visit(self.bytes, self.place, self.buffers, self.encoding); }
};

using ByteSpan = std::span<const std::byte>;

/// A buffer reference of plugin.h: `at` is where its id lies among the arguments, eight bytes, the offset behind it.
struct Reference {
    std::size_t at = 0;
    BufferPlace place;
};

/// All references within MessagePack arguments; nothing where these are not MessagePack. Whether the places exist is
/// not looked at.
std::optional<std::vector<Reference>> find_references(ByteSpan arguments);

/// The bytes of the arguments. Nothing where they should lie in a buffer and do not.
std::optional<ByteSpan> arguments_of(const CallInput& input, std::span<const ByteSpan> buffers);

/// How much of each buffer the call uses, from the buffer's beginning: what lies behind is left from other calls. Where
/// the arguments cannot be understood, all of it.
std::vector<ByteSpan> used_parts(const CallInput& input, std::span<const ByteSpan> buffers);

/// Of the arguments and of what they refer to: equal for equal input, whichever buffers it lies in.
base::Digest digest_of(const CallInput& input, std::span<const ByteSpan> buffers);

}  // namespace poolhost::wire
