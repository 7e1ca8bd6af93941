// SPDX-License-Identifier: Apache-2.0
#include "cli/result_bytes.hpp"

#include "cli/messagepack.hpp"

#include <algorithm>

namespace poolhost::cli {

using Bytes = std::span<const std::byte>;

namespace {

base::Result<Bytes> bytes_behind(const BufferReference& reference, const pool::Outcome& outcome) {
    const auto lease = std::ranges::find(outcome.leases, reference.id, &pool::BufferLease::id);
    if (lease == outcome.leases.end()) return base::Error{"the result refers to a buffer that did not come with it"};
    const Bytes buffer = lease->bytes();
    if (reference.offset > buffer.size() || reference.size > buffer.size() - reference.offset) {
        return base::Error{"the result reaches beyond its buffer"};
    }
    return buffer.subspan(reference.offset, reference.size);
}

}  // namespace

base::Result<Bytes> result_bytes(const pool::Outcome& outcome) {
    const auto value = read_plain_value(outcome.value);
    if (!value) return value.error();
    switch (value->kind) {
        case PlainValue::Kind::text:
        case PlainValue::Kind::bytes:
            return value->bytes;
        case PlainValue::Kind::reference:
            return bytes_behind(value->reference, outcome);
        case PlainValue::Kind::null:
        case PlainValue::Kind::other:
            break;
    }
    return base::Error{"the result is neither bytes nor text, so no file was written"};
}

}  // namespace poolhost::cli
