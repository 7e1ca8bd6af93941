// SPDX-License-Identifier: Apache-2.0
// The input of a map, item by item: what is done already is passed over, and the rest becomes arguments of calls.
#pragma once

#include "cli/arguments.hpp"
#include "cli/map_earlier.hpp"
#include "cli/map_items.hpp"
#include "cli/map_lines.hpp"
#include "cli/map_result_files.hpp"
#include "cli/map_streams.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace poolhost::cli {

/// What an item is to its task.
struct ItemForm {
    wire::Encoding encoding = wire::Encoding::json_item;  // without templates: how the item itself travels
    std::optional<Arguments> templates;                   // with them: what is made of it
    [[nodiscard]] ItemKind kind() const {
        return templates || encoding == wire::Encoding::text_item ? ItemKind::text : ItemKind::json;
    }
};

/// An item that is to run, or that cannot even be tried.
struct FedItem {
    std::uint64_t index = 0;
    Item item;
    std::size_t argument_bytes = 0;
    CallResult<pool::Arguments> arguments;
};

struct FeedParts {
    InputStream input;
    char separator = '\n';
    ItemForm form;
    ResultFiles* files = nullptr;  // whose names are claimed; may be null
    EarlierRun earlier;
    Destination destination;
};

class MapFeed {
public:
    enum class State {
        ready,    // next() may give an item
        waiting,  // for more input: wait() before anything else
        ended,    // all items were taken
        failed,   // the input cannot be read, or it is not the one of the earlier run: see fault()
    };

    explicit MapFeed(FeedParts parts) : parts_(std::move(parts)), splitter_(parts_.separator) {}

    /// Reads as much as one turn of the loop has time for.
    void begin_turn() { blocks_left_ = blocks_a_turn; }
    /// Nothing where the input gives no more now, whatever the reason; `ready` then means: in the next turn.
    std::optional<FedItem> next();
    void wait() { parts_.input.wait(); }

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] const std::string& fault() const { return fault_; }
    [[nodiscard]] ItemKind item_kind() const { return kind_; }
    /// Items taken, those that were passed over included.
    [[nodiscard]] std::uint64_t taken() const { return next_index_; }
    /// How many items there will be; estimated where the input is a file.
    [[nodiscard]] std::optional<std::uint64_t> expected_total() const;

private:
    static constexpr int blocks_a_turn = 16;

    bool read_block();
    void fail(std::string why);
    [[nodiscard]] bool pass_over(std::uint64_t index, const Item& item);
    void finish();
    [[nodiscard]] FedItem make(std::uint64_t index, Item item);

    FeedParts parts_;
    ItemSplitter splitter_;
    ItemKind kind_ = parts_.form.kind();
    State state_ = State::ready;
    std::string fault_;
    std::uint64_t next_index_ = 0;
    std::uint64_t bytes_read_ = 0;
    int blocks_left_ = blocks_a_turn;
};

}  // namespace poolhost::cli
