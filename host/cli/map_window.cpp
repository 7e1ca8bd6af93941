// SPDX-License-Identifier: Apache-2.0
#include "cli/map_window.hpp"

#include <algorithm>
#include <bit>

namespace poolhost::cli {
namespace {

// Short lines keep their memory for the next one in their place; 64 Ki of them stay below 16 MiB.
constexpr std::size_t longest_kept_line = 192;

}  // namespace

Window::Window(Order order, std::size_t capacity) : order_(order), slots_(std::bit_ceil(capacity)) {
    if (order_ == Order::as_input) return;
    newest_ = slots_.size();  // full() looks at free_ alone
    for (std::size_t i = slots_.size(); i > 0; --i) free_.push_back(static_cast<std::uint32_t>(i - 1));
}

Slot Window::add(WindowItem item) {
    std::size_t number = 0;
    if (order_ == Order::as_input) {
        number = newest_++ & (slots_.size() - 1);
    } else {
        number = free_.back();
        free_.pop_back();
    }
    ++running_;
    running_bytes_ += item.argument_bytes;
    slots_[number].item = std::move(item);
    slots_[number].state = State::running;
    return Slot{static_cast<std::uint32_t>(number)};
}

bool Window::next_in_turn(Slot slot) const {
    return order_ == Order::as_finished || (oldest_ & (slots_.size() - 1)) == static_cast<std::size_t>(slot);
}

void Window::stop_running(Place& place) {
    --running_;
    running_bytes_ -= place.item.argument_bytes;
    place.item.item.block.reset();
}

void Window::written(Slot slot) {
    Place& place = at(slot);
    stop_running(place);
    place.state = State::unused;
    if (order_ == Order::as_input) {
        ++oldest_;
        passed_ = place.item.index + 1;
    } else {
        free_.push_back(static_cast<std::uint32_t>(slot));
    }
}

void Window::waits(Slot slot) {
    Place& place = at(slot);
    stop_running(place);
    place.state = State::waiting;
    ++waiting_;
    waiting_bytes_ += place.line.size();
}

void Window::take_line(Place& place, std::string& out) {
    --waiting_;
    waiting_bytes_ -= place.line.size();
    place.state = State::unused;
    out += place.line;
    if (place.line.capacity() > longest_kept_line) place.line = {};
    place.line.clear();
}

void Window::append_ready(std::string& out, std::uint64_t last_index) {
    while (waiting_ > 0) {
        Place& place = slots_[oldest_ & (slots_.size() - 1)];
        if (place.state != State::waiting || place.item.index > last_index) return;
        take_line(place, out);
        ++oldest_;
        passed_ = place.item.index + 1;
    }
}

void Window::append_all_waiting(std::string& out) {
    for (std::uint64_t number = oldest_; waiting_ > 0 && number != newest_; ++number) {
        Place& place = slots_[number & (slots_.size() - 1)];
        if (place.state == State::waiting) take_line(place, out);
    }
}

std::vector<pool::CallId> Window::running_from(std::uint64_t index) const {
    std::vector<const WindowItem*> items;
    for (const Place& place : slots_) {
        if (place.state == State::running && place.item.index >= index) items.push_back(&place.item);
    }
    std::ranges::sort(items, {}, &WindowItem::index);
    std::vector<pool::CallId> calls;
    for (const WindowItem* item : items) calls.push_back(item->call);
    return calls;
}

void Budget::learn(std::size_t line_bytes) {
    const double bytes = static_cast<double>(line_bytes);
    expected_ = seen_ == 0 ? bytes : expected_ + (bytes - expected_) / 16;
    ++seen_;
}

bool Budget::allows_one_more(const Load& load) const {
    if (load.unwritten_bytes >= most_unwritten || load.waiting_bytes >= most_bytes) return false;
    if (load.running < load.workers) return true;
    // Nobody knows how large results are before some were seen: a slow start that doubles.
    if (load.running >= std::min<std::uint64_t>(most_running, 4 * load.workers + seen_)) return false;
    const double expected = static_cast<double>(load.running) * expected_;
    return static_cast<double>(load.running_bytes + load.waiting_bytes) + expected < static_cast<double>(most_bytes);
}

}  // namespace poolhost::cli
