// SPDX-License-Identifier: Apache-2.0
#include "cli/replay_arguments.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>

namespace poolhost::cli {
namespace {

using NewIds = std::map<std::uint64_t, std::uint64_t>;

base::Result<channel::BufferRef> copy(std::span<const std::byte> contents, channel::BufferPool& buffers) {
    auto buffer = buffers.acquire(std::max<std::size_t>(contents.size(), 1));
    if (buffer) std::ranges::copy(contents, (*buffer)->bytes().begin());
    return buffer;
}

void refer_to_new(std::span<std::byte> arguments, const NewIds& ids) {
    const auto references = wire::find_references(arguments);
    if (!references) return;  // then the task says what is wrong with them
    for (const wire::Reference& reference : *references) {
        const auto known = ids.find(reference.place.id);
        if (known == ids.end()) continue;
        std::memcpy(arguments.data() + reference.at, &known->second, sizeof known->second);
    }
}

}  // namespace

base::Result<pool::Arguments> rebuild_arguments(const capsule::Contents& contents, channel::BufferPool& buffers) {
    pool::Arguments arguments;
    arguments.encoding = contents.input.encoding;
    NewIds ids;
    for (std::size_t i = 0; i < contents.buffers.size(); ++i) {
        auto buffer = copy(contents.buffers[i], buffers);
        if (!buffer) return buffer.error();
        ids[contents.input.buffers[i]] = (*buffer)->id();
        arguments.buffers.push_back(std::move(*buffer));
    }
    const auto bytes = std::as_bytes(std::span(contents.input.bytes));
    const auto own = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
    std::span<std::byte> where = *own;
    if (contents.input.place) {
        arguments.place = contents.input.place;
        arguments.place->id = ids.at(contents.input.place->id);
        const auto holder =
            std::ranges::find(arguments.buffers, arguments.place->id, [](const auto& b) { return b->id(); });
        where = (*holder)->bytes().subspan(arguments.place->offset, arguments.place->size);
    } else {
        arguments.slice = {own, *own};
    }
    if (arguments.encoding == wire::Encoding::messagepack) refer_to_new(where, ids);
    return arguments;
}

}  // namespace poolhost::cli
