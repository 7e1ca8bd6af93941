// SPDX-License-Identifier: Apache-2.0
#include "capsule/format.hpp"

#include "wire/encoder.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace poolhost::capsule {
namespace {

constexpr std::array<std::byte, buffer_alignment> zeros{};

std::size_t padding_behind(std::size_t size) { return (buffer_alignment - size % buffer_alignment) % buffer_alignment; }

base::Error damaged() { return {"the capsule is damaged: its contents do not agree with its checksum"}; }
base::Error contradiction() { return {"the capsule contradicts itself: it was not written by poolhost"}; }

// Where the arguments lie in a buffer, that has to hold them.
bool holds_arguments(const Header& header) {
    const auto& place = header.input.place;
    if (!place) return true;
    const auto& ids = header.input.buffers;
    const auto found = std::ranges::find(ids, place->id);
    if (found == ids.end()) return false;
    const std::uint64_t size = header.buffer_sizes[static_cast<std::size_t>(found - ids.begin())];
    return place->offset <= size && place->size <= size - place->offset;
}

bool knows_encoding(const Header& header) { return header.input.encoding <= wire::Encoding::text_item; }

}  // namespace

Layout lay_out(const wire::Capsule& capsule, const wire::CallInput& input, const Pieces& buffers) {
    Header header{capsule, input, {}};
    for (const auto buffer : buffers) header.buffer_sizes.push_back(buffer.size());
    Layout layout;
    layout.header = wire::encode(header);
    layout.head.header_size = layout.header.size();
    layout.head.file_size = sizeof(FileHead);
    const auto add = [&layout](std::span<const std::byte> piece) {
        const auto padding = std::span(zeros).first(padding_behind(layout.head.file_size));
        if (!padding.empty()) layout.pieces.push_back(padding);
        layout.pieces.push_back(piece);
        layout.head.file_size += padding.size() + piece.size();
    };
    add(layout.header);
    for (const auto buffer : buffers) add(buffer);
    layout.head.digest = base::digest(layout.pieces);
    return layout;
}

base::Result<FileHead> check_head(std::span<const std::byte> beginning, std::uint64_t size) {
    FileHead head;
    if (beginning.size() < sizeof head) return base::Error{"the file is no capsule: it is too short"};
    std::memcpy(&head, beginning.data(), sizeof head);
    if (head.magic != file_magic) return base::Error{"the file is no capsule"};
    if (head.version != format_version) {
        return base::Error{"the capsule has format " + std::to_string(head.version) + ", and this poolhost reads " +
                           std::to_string(format_version) + "; use the poolhost that wrote it"};
    }
    if (size < head.file_size) {
        return base::Error{"the capsule was cut short: it has " + std::to_string(size) + " of " +
                           std::to_string(head.file_size) + " bytes"};
    }
    if (size > head.file_size) return base::Error{"the capsule is damaged: something follows its end"};
    return head;
}

base::Result<Parsed> parse(std::span<const std::byte> file) {
    const auto head = check_head(file, file.size());
    if (!head) return head.error();
    const auto contents = file.subspan(sizeof(FileHead));
    if (base::digest(std::span(&contents, 1)) != head->digest) return damaged();
    if (head->header_size > contents.size()) return contradiction();
    auto header = wire::decode<Header>(contents.first(head->header_size));
    if (!header || header->buffer_sizes.size() != header->input.buffers.size()) return contradiction();
    Parsed parsed{std::move(*header), {}};
    std::size_t end = sizeof(FileHead) + head->header_size;
    for (const std::uint64_t size : parsed.header.buffer_sizes) {
        const std::size_t padding = padding_behind(end);
        if (padding > file.size() - end || size > file.size() - end - padding) return contradiction();
        parsed.buffers.push_back(file.subspan(end + padding, size));
        end += padding + size;
    }
    if (end != file.size() || !holds_arguments(parsed.header) || !knows_encoding(parsed.header)) return contradiction();
    return parsed;
}

}  // namespace poolhost::capsule
