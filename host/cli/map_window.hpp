// SPDX-License-Identifier: Apache-2.0
// The items between input and output: which of them run, and which results wait for an earlier one. Bounded, whatever
// comes.
#pragma once

#include "cli/map_items.hpp"
#include "pool/call.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace poolhost::cli {

enum class Order { as_input, as_finished };

/// An item's place in the window; the tag of its call.
enum class Slot : std::uint32_t {};

/// What is known of an item from its submission to its line of output.
struct WindowItem {
    std::uint64_t index = 0;  // in the input, from 0
    Item item;
    std::size_t argument_bytes = 0;
    pool::CallId call{};
};

class Window {
public:
    /// With Order::as_input so many items at most lie between the oldest unwritten one and the newest.
    Window(Order order, std::size_t capacity);

    [[nodiscard]] bool full() const { return free_.empty() && newest_ - oldest_ == slots_.size(); }
    [[nodiscard]] bool empty() const { return running_ == 0 && waiting_ == 0; }
    [[nodiscard]] std::size_t running() const { return running_; }
    /// Arguments of the running ones.
    [[nodiscard]] std::size_t running_bytes() const { return running_bytes_; }
    /// Lines that wait for an earlier item.
    [[nodiscard]] std::size_t waiting_bytes() const { return waiting_bytes_; }

    /// Not while full().
    Slot add(WindowItem item);
    void submitted(Slot slot, pool::CallId call) { at(slot).item.call = call; }
    [[nodiscard]] const WindowItem& item(Slot slot) const { return slots_[static_cast<std::size_t>(slot)].item; }
    /// Whether the line of this running item is the next one to be written.
    [[nodiscard]] bool next_in_turn(Slot slot) const;

    /// The item's line was written; only where next_in_turn(). Then take the lines that waited for it.
    void written(Slot slot);
    /// The item's line is complete, but has to wait for its turn. To be filled by the caller at once, then waits().
    [[nodiscard]] std::string& line(Slot slot) { return at(slot).line; }
    void waits(Slot slot);
    /// Appends the waiting lines whose turn has come; none of an item beyond `last_index`.
    void append_ready(std::string& out, std::uint64_t last_index = UINT64_MAX);
    /// Whether the item's line was written. Only with Order::as_input.
    [[nodiscard]] bool passed(std::uint64_t index) const { return passed_ > index; }
    /// Appends every waiting line, in the order of the input, past items that are still running.
    void append_all_waiting(std::string& out);

    /// The running items from `index` on, oldest first.
    [[nodiscard]] std::vector<pool::CallId> running_from(std::uint64_t index) const;

private:
    enum class State : std::uint8_t { unused, running, waiting };
    struct Place {
        WindowItem item;
        std::string line;
        State state = State::unused;
    };

    Place& at(Slot slot) { return slots_[static_cast<std::size_t>(slot)]; }
    void stop_running(Place& place);
    void take_line(Place& place, std::string& out);

    Order order_;
    std::vector<Place> slots_;         // a power of two
    std::vector<std::uint32_t> free_;  // as_finished: slots without an item
    std::uint64_t oldest_ = 0;         // as_input: running number of the oldest unwritten item
    std::uint64_t newest_ = 0;         // as_input: of the next item
    std::uint64_t passed_ = 0;         // as_input: one more than the index of the last written item
    std::size_t running_ = 0;
    std::size_t waiting_ = 0;
    std::size_t running_bytes_ = 0;
    std::size_t waiting_bytes_ = 0;
};

/// How much may be under way at once: enough that no worker waits, and no more memory than a bound.
class Budget {
public:
    struct Load {
        std::size_t running = 0;
        std::size_t running_bytes = 0;
        std::size_t waiting_bytes = 0;
        std::size_t unwritten_bytes = 0;
        std::size_t workers = 1;
    };
    static constexpr std::size_t most_running = 8 * 1024;
    static constexpr std::size_t most_bytes = std::size_t{32} * 1024 * 1024;
    static constexpr std::size_t most_unwritten = std::size_t{1} * 1024 * 1024;

    /// A line of so many bytes came out; the next ones are expected to be like it.
    void learn(std::size_t line_bytes);
    [[nodiscard]] bool allows_one_more(const Load& load) const;

private:
    std::uint64_t seen_ = 0;  // lines
    double expected_ = 0;     // bytes of the next one
};

}  // namespace poolhost::cli
