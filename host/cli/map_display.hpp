// SPDX-License-Identifier: Apache-2.0
// Progress on standard error: a bar that stays on its line, or a line now and then, and never between a worker's words.
#pragma once

#include "base/log.hpp"
#include "cli/map_progress.hpp"
#include "cli/worker_log.hpp"
#include "pool/event.hpp"

#include <functional>
#include <string>

namespace poolhost::cli {

enum class ProgressStyle { none, bar, lines };

/// Passes on what workers and pools say, with the bar out of the way.
class MapDisplay final : public pool::PoolListener {
public:
    struct Parts {
        boost::asio::io_context& loop;
        ProgressStyle style = ProgressStyle::none;
        int fd = -1;  // of the terminal, for a bar
        base::Log& log;
        WorkerLog& messages;
    };
    explicit MapDisplay(Parts parts);

    /// Shows what `numbers` says, again and again, until finish().
    void start(std::function<ProgressNumbers()> numbers);
    /// Takes the bar away.
    void finish();

    void on_worker_line(const pool::WorkerLine& line) override;
    void on_log(std::string_view pool, std::int32_t level, std::string_view text) override;

private:
    void show();
    void draw(const std::string& text);
    void wipe();
    [[nodiscard]] std::size_t width() const;

    Parts parts_;
    std::function<ProgressNumbers()> numbers_;
    RecentRate rate_;
    bool drawn_ = false;
    pool::Timer timer_;
};

}  // namespace poolhost::cli
