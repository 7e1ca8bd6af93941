// SPDX-License-Identifier: Apache-2.0
// Cuts what comes from the input into items, without copying them out of the blocks that they were read into.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace poolhost::cli {

/// One line (or NUL-separated piece) of the input, without its end. `block` keeps the text alive.
struct Item {
    std::shared_ptr<const void> block;
    std::string_view text;
};

/// Fill space(), tell filled(), take every next(); after the last byte, finish(). What follows the last separator is an
/// item too, unless it is empty. Only an item that lies across two blocks is copied.
class ItemSplitter {
public:
    static constexpr std::size_t usual_block = 256 * 1024;

    explicit ItemSplitter(char separator, std::size_t block_size = usual_block);

    /// Where the next bytes of the input belong; never empty. Valid until the next call of a member.
    [[nodiscard]] std::span<char> space();
    /// So many bytes were put to the beginning of space().
    void filled(std::size_t size) { end_ += size; }
    /// The input has ended.
    void finish() { finished_ = true; }
    [[nodiscard]] bool finished() const { return finished_; }

    /// Nothing where the rest of the item is still to be read, or, after finish(), where all are taken.
    [[nodiscard]] std::optional<Item> next();
    /// Bytes that were read, but not taken as an item yet.
    [[nodiscard]] std::size_t pending() const { return end_ - begin_; }

private:
    [[nodiscard]] Item take(std::size_t end, std::size_t separator_size);

    char separator_;
    std::size_t block_size_;
    std::shared_ptr<char[]> block_;
    std::size_t size_ = 0;     // of the block
    std::size_t begin_ = 0;    // of the item that is being read
    std::size_t scanned_ = 0;  // no separator lies in [begin_, scanned_)
    std::size_t end_ = 0;      // of what was read
    bool finished_ = false;
};

}  // namespace poolhost::cli
