// SPDX-License-Identifier: Apache-2.0
#include "worker/reply.hpp"

#include "channel/layout.hpp"
#include "worker/json_writer.hpp"

#include <cstring>

namespace poolhost::worker {
namespace {

constexpr std::string_view null_messagepack = "\xc0";
constexpr std::string_view null_json = "null";
constexpr std::size_t most_buffers = wire::most_result_buffers - 1;  // beside the value's own
// A large value leaves no more than this behind.
constexpr std::size_t standing_memory = 256 * 1024;

// Almost every result: no need to walk through it.
bool is_small_integer(std::span<const std::byte> value) {
    if (value.size() != 1) return false;
    const auto head = std::to_integer<unsigned>(value[0]);
    return head < 0x80 || head >= 0xe0;
}

}  // namespace

void Reply::begin(wire::ResultEncoding encoding) {
    encoding_ = encoding;
    set_ = false;
    in_buffer_ = false;
    if (small_.capacity() > standing_memory) small_ = {};
    small_ = encoding == wire::ResultEncoding::json ? null_json : null_messagepack;
    buffers_.clear();
}

std::span<const std::byte> Reply::bytes() const {
    return in_buffer_ ? std::as_bytes(std::span(&place_, 1)) : std::as_bytes(std::span(small_));
}

base::Result<void> Reply::set(std::span<const std::byte> value, const Allocations& allocations) {
    set_ = true;
    return encoding_ == wire::ResultEncoding::json ? set_json(value, allocations) : set_messagepack(value, allocations);
}

base::Result<void> Reply::set_json(std::span<const std::byte> value, const Allocations& allocations) {
    small_.clear();
    if (auto written = write_json(value, allocations, small_); !written) return written;
    return keep(std::as_bytes(std::span(small_)));
}

base::Result<void> Reply::set_messagepack(std::span<const std::byte> value, const Allocations& allocations) {
    if (!is_small_integer(value)) {
        const auto ids = referenced_buffers(value, allocations);
        if (!ids) return ids.error();
        if (ids->size() > most_buffers) return base::Error{"it refers to more than 2048 buffers"};
        for (const std::uint64_t id : *ids) buffers_.push_back(allocations.find(id));
    }
    return keep(value);
}

base::Result<void> Reply::keep(std::span<const std::byte> bytes) {
    if (bytes.size() <= channel::max_inline) {
        if (bytes.data() != reinterpret_cast<const std::byte*>(small_.data())) {
            small_.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        }
        return {};
    }
    auto buffer = pool_->acquire(bytes.size());
    if (!buffer) return buffer.error();
    std::memcpy((*buffer)->bytes().data(), bytes.data(), bytes.size());
    place_ = {(*buffer)->id(), 0, bytes.size()};
    in_buffer_ = true;
    buffers_.push_back(std::move(*buffer));
    return {};
}

}  // namespace poolhost::worker
