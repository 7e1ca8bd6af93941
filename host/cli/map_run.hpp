// SPDX-License-Identifier: Apache-2.0
// The run of a map: items in, calls to the pool, lines out, and how it ends. Everything happens in turns of the loop;
// nothing here waits.
#pragma once

#include "cli/map_feed.hpp"
#include "cli/map_output.hpp"
#include "cli/map_progress.hpp"
#include "cli/map_window.hpp"
#include "pool/pool.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace poolhost::cli {

enum class OnFailure { go_on, stop };

/// What holds for every item.
struct MapRules {
    Order order = Order::as_input;
    LineStyle style = LineStyle::plain;
    OnFailure on_failure = OnFailure::go_on;
    base::Duration timeout{0};                 // of a running item; 0: the task's or the pool's
    std::optional<base::Duration> deadline;    // of an item, from its submission
    std::optional<std::uint64_t> known_total;  // as --total says
};

/// Why a run is over.
enum class MapEnd {
    complete,          // every item has its line
    failed_fast,       // an item failed, and that was to stop it
    interrupted,       // from outside
    reader_gone,       // nobody reads the output any more
    pool_unavailable,  // no worker can be started
    input_failed,      // cannot be read, or is not that of the earlier run
    output_failed,     // cannot be written
};

struct MapCounts {
    std::uint64_t done = 0;  // in this run
    std::uint64_t failed = 0;
};

class MapRun final : public pool::OutcomeSink {
public:
    struct Parts {
        boost::asio::io_context& loop;
        pool::Pool& pool;
        pool::TaskId task;
        MapRules rules;
        ResultFiles* files = nullptr;  // null: results go into the lines
    };
    MapRun(Parts parts, MapFeed feed, LineOutput output);

    /// Does what can be done now, and sees to it that it is called again. Call it once to begin, and whenever the input
    /// or the output has something new.
    void turn();
    void input_ready();
    void interrupt() { end(MapEnd::interrupted); }

    /// When set, no item is submitted any more, and outcomes are ignored: stop the pool.
    [[nodiscard]] std::optional<MapEnd> ended() const { return end_; }
    /// Why, where the end was a failure.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    /// After the end: writes the lines that are complete. Those that wait for an earlier item only where lines say
    /// which item they belong to.
    void write_rest();

    [[nodiscard]] const MapCounts& counts() const { return counts_; }
    [[nodiscard]] ProgressNumbers progress() const;

    void on_outcome(pool::Outcome outcome) override;

private:
    static constexpr std::size_t window_size = 64 * 1024;

    void turn_soon();
    void feed();
    [[nodiscard]] bool takes_more() const;
    void submit(FedItem fed);
    void finish(Slot slot, const pool::Outcome& outcome);
    void append_line(std::string& out, const WindowItem& item, const pool::Outcome& outcome);
    void append_failure(std::string& out, const WindowItem& item, const wire::CallError& error);
    void append_file_line(std::string& out, const WindowItem& item, const pool::Outcome& outcome);
    void stop_after(std::uint64_t index);
    void cancel_the_rest();
    void settle();
    void end(MapEnd why, std::string fault = {});
    [[nodiscard]] WaitsFor waits_for() const;

    Parts parts_;
    MapFeed feed_;
    LineOutput output_;
    Window window_;
    Budget budget_;
    MapCounts counts_;
    std::optional<MapEnd> end_;
    std::string fault_;
    std::uint64_t last_index_ = UINT64_MAX;  // of the item after which nothing is wanted
    base::TimePoint now_;                    // of this turn
    bool rest_to_cancel_ = false;
    bool turn_due_ = false;
    bool input_awaited_ = false;
    std::shared_ptr<MapRun*> self_;  // for handlers that may still be on their way when this is gone
};

}  // namespace poolhost::cli
