// SPDX-License-Identifier: Apache-2.0
#include "cli/map_run.hpp"

#include "cli/outcome_json.hpp"
#include "cli/result_bytes.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace poolhost::cli {
namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

MapRun::MapRun(Parts parts, MapFeed feed, LineOutput output)
    : parts_(parts),
      feed_(std::move(feed)),
      output_(std::move(output)),
      window_(parts.rules.order, parts.rules.order == Order::as_input ? window_size : Budget::most_running),
      self_(std::make_shared<MapRun*>(this)) {}

// ---- turns

void MapRun::turn_soon() {
    if (turn_due_ || end_) return;
    turn_due_ = true;
    boost::asio::post(parts_.loop, [weak = std::weak_ptr(self_)] {
        if (const auto self = weak.lock()) (*self)->turn();
    });
}

void MapRun::input_ready() {
    input_awaited_ = false;
    turn();
}

void MapRun::turn() {
    turn_due_ = false;
    if (end_) return;
    output_.look_for_reader();
    if (std::exchange(rest_to_cancel_, false)) cancel_the_rest();
    feed();
    output_.flush();
    // Writing may have made room while no call runs whose outcome would lead to another turn.
    if (!input_awaited_ && feed_.state() != MapFeed::State::ended && takes_more()) turn_soon();
    settle();
}

void MapRun::feed() {
    feed_.begin_turn();
    now_ = base::Clock::now();
    while (!input_awaited_ && !end_ && takes_more()) {
        auto fed = feed_.next();
        if (fed) {
            submit(std::move(*fed));
            continue;
        }
        if (feed_.state() == MapFeed::State::ready) turn_soon();
        if (feed_.state() == MapFeed::State::waiting) {
            input_awaited_ = true;
            feed_.wait();
        }
        return;
    }
}

bool MapRun::takes_more() const {
    if (last_index_ != UINT64_MAX || window_.full() || parts_.pool.room() == 0) return false;
    return budget_.allows_one_more({window_.running(), window_.running_bytes(), window_.waiting_bytes(),
                                    output_.unwritten(), std::max<std::size_t>(parts_.pool.config().processes.max, 1)});
}

void MapRun::submit(FedItem fed) {
    const Slot slot = window_.add({fed.index, std::move(fed.item), fed.argument_bytes, {}});
    if (!fed.arguments) {
        const wire::CallError why = fed.arguments.error();
        pool::Outcome refused;
        refused.error = &why;
        return finish(slot, refused);
    }
    pool::CallRequest request;
    request.task = parts_.task;
    request.arguments = std::move(*fed.arguments);
    request.result_encoding = parts_.files != nullptr ? wire::ResultEncoding::messagepack : wire::ResultEncoding::json;
    request.timeout = parts_.rules.timeout;
    if (parts_.rules.deadline) request.deadline = now_ + *parts_.rules.deadline;
    const pool::CallId call = parts_.pool.submit(std::move(request), *this, static_cast<std::uint64_t>(slot), now_);
    window_.submitted(slot, call);
}

// ---- outcomes

void MapRun::on_outcome(pool::Outcome outcome) {
    if (end_) return;
    if (outcome.error != nullptr) {
        if (const auto* unavailable = std::get_if<wire::PoolUnavailable>(&outcome.error->details)) {
            // Every further item would fail for the same reason; --resume can go on when it has been put right.
            return end(MapEnd::pool_unavailable, unavailable->cause);
        }
    }
    finish(Slot{static_cast<std::uint32_t>(outcome.tag)}, outcome);
    turn_soon();
}

void MapRun::finish(Slot slot, const pool::Outcome& outcome) {
    const WindowItem& item = window_.item(slot);
    // What lies behind the item that stopped the run was cancelled, or came too late.
    if (item.index > last_index_ && parts_.rules.order == Order::as_input) return window_.waits(slot);
    ++counts_.done;
    if (window_.next_in_turn(slot)) {
        std::string& lines = output_.lines();
        const std::size_t before = lines.size();
        append_line(lines, item, outcome);
        budget_.learn(lines.size() - before);
        window_.written(slot);
        window_.append_ready(lines, last_index_);
        return;
    }
    std::string& line = window_.line(slot);
    append_line(line, item, outcome);
    budget_.learn(line.size());
    window_.waits(slot);
}

void MapRun::append_line(std::string& out, const WindowItem& item, const pool::Outcome& outcome) {
    if (outcome.error != nullptr) return append_failure(out, item, *outcome.error);
    if (parts_.files != nullptr) return append_file_line(out, item, outcome);
    append_value_line(out, parts_.rules.style, item.index, text_of(outcome.value));
}

void MapRun::append_failure(std::string& out, const WindowItem& item, const wire::CallError& error) {
    ++counts_.failed;
    if (parts_.rules.on_failure == OnFailure::stop) stop_after(item.index);
    const std::string recorded =
        parts_.rules.style == LineStyle::plain ? std::string() : item_json(feed_.item_kind(), item.item.text);
    append_error_line(out, parts_.rules.style, item.index, recorded, error);
}

void MapRun::append_file_line(std::string& out, const WindowItem& item, const pool::Outcome& outcome) {
    const auto bytes = result_bytes(outcome);
    const std::string name = parts_.files->name({item.item.text, item.index});
    const auto written = bytes ? write_result_file(name, *bytes) : base::Result<void>(bytes.error());
    if (!written)
        return append_failure(out, item, {written.error().message, wire::TaskError{"poolhost.output", 0, false}});
    append_value_line(out, parts_.rules.style, item.index, json_string(name));
}

// ---- the end

// In the order of the input the first failure counts, so the items before it are waited for; else the first that is
// met.
void MapRun::stop_after(std::uint64_t index) {
    last_index_ = std::min(last_index_, index);
    rest_to_cancel_ = true;
    turn_soon();
}

void MapRun::cancel_the_rest() {
    if (parts_.rules.order == Order::as_finished) return;
    for (const pool::CallId call : window_.running_from(last_index_ + 1)) parts_.pool.cancel(call);
}

void MapRun::settle() {
    if (end_) return;
    if (output_.state() == LineOutput::State::reader_gone) return end(MapEnd::reader_gone);
    if (output_.state() == LineOutput::State::failed) return end(MapEnd::output_failed, output_.fault());
    if (feed_.state() == MapFeed::State::failed) return end(MapEnd::input_failed, feed_.fault());
    const bool stopped = last_index_ != UINT64_MAX;
    const bool enough = stopped && (parts_.rules.order == Order::as_finished || window_.passed(last_index_));
    if (enough) return end(MapEnd::failed_fast);
    const bool complete = feed_.state() == MapFeed::State::ended && window_.empty() && output_.unwritten() == 0;
    if (complete) end(MapEnd::complete);
}

void MapRun::end(MapEnd why, std::string fault) {
    if (end_) return;
    end_ = why;
    fault_ = std::move(fault);
}

void MapRun::write_rest() {
    if (parts_.rules.style == LineStyle::indexed) window_.append_all_waiting(output_.lines());
    output_.flush();
}

// ---- progress

WaitsFor MapRun::waits_for() const {
    if (output_.state() == LineOutput::State::blocked) return WaitsFor::output;
    if (input_awaited_ && window_.running() < parts_.pool.working()) return WaitsFor::input;
    return window_.running() > 0 ? WaitsFor::workers : WaitsFor::nothing;
}

ProgressNumbers MapRun::progress() const {
    ProgressNumbers numbers;
    // Items of an earlier run count as done: they are part of the total.
    numbers.done = feed_.taken() - window_.running();
    numbers.failed = counts_.failed;
    numbers.total = parts_.rules.known_total ? parts_.rules.known_total : feed_.expected_total();
    numbers.total_is_estimate = !parts_.rules.known_total && feed_.state() != MapFeed::State::ended;
    numbers.waits_for = waits_for();
    return numbers;
}

}  // namespace poolhost::cli
