// SPDX-License-Identifier: Apache-2.0
#include "cli/map_items.hpp"

#include <algorithm>
#include <cstring>

namespace poolhost::cli {

ItemSplitter::ItemSplitter(char separator, std::size_t block_size) : separator_(separator), block_size_(block_size) {}

std::span<char> ItemSplitter::space() {
    if (end_ == size_) {
        // A long item doubles its block each time, so that it is copied only so often.
        const std::size_t unfinished = end_ - begin_;
        const std::size_t size = std::max(block_size_, 2 * unfinished);
        auto next = std::make_shared_for_overwrite<char[]>(size);
        if (unfinished > 0) std::memcpy(next.get(), block_.get() + begin_, unfinished);
        block_ = std::move(next);
        size_ = size;
        scanned_ -= begin_;
        begin_ = 0;
        end_ = unfinished;
    }
    return {block_.get() + end_, size_ - end_};
}

Item ItemSplitter::take(std::size_t end, std::size_t separator_size) {
    Item item{block_, {block_.get() + begin_, end - begin_}};
    begin_ = end + separator_size;
    scanned_ = begin_;
    return item;
}

std::optional<Item> ItemSplitter::next() {
    if (begin_ == end_) return std::nullopt;
    const char* const text = block_.get();
    const void* const found = std::memchr(text + scanned_, separator_, end_ - scanned_);
    if (found != nullptr) return take(static_cast<std::size_t>(static_cast<const char*>(found) - text), 1);
    scanned_ = end_;
    if (finished_) return take(end_, 0);
    return std::nullopt;
}

}  // namespace poolhost::cli
