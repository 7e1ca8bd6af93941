// SPDX-License-Identifier: Apache-2.0
// What workers, pools and a command say, on standard error, never waiting for whoever reads it.
#pragma once

#include "base/log.hpp"
#include "cli/map_streams.hpp"
#include "config/host_config.hpp"
#include "pool/event.hpp"
#include "pool/listener.hpp"

#include <optional>

namespace poolhost::cli {

/// Lines as log_lines.hpp makes them, in the format of `log.format`. `log.level` leaves messages out, and what tasks
/// log; what workers write is always there.
class WorkerLog final : public pool::PoolListener {
public:
    WorkerLog(base::Log& log, const config::LogConfig& config);

    void on_worker_line(const pool::WorkerLine& line) override;
    void on_log(std::string_view pool, std::int32_t level, std::string_view text) override;
    /// What the command itself says; always there.
    void say(std::string_view text);

private:
    [[nodiscard]] bool leaves_out(std::int32_t level) const;
    template <class Line>
    void write(const Line& line);

    base::Log* log_;
    config::LogConfig config_;
};

/// Writes a log's lines from the loop, many at once, and goes on where a slow reader has made room.
class LogFlusher {
public:
    LogFlusher(boost::asio::io_context& loop, base::Log& log);
    ~LogFlusher();
    LogFlusher(const LogFlusher&) = delete;
    LogFlusher& operator=(const LogFlusher&) = delete;

private:
    void flush();

    base::Log* log_;
    pool::Timer timer_;
    std::optional<DescriptorWatch> watch_;  // none for a regular file, which always takes everything
};

}  // namespace poolhost::cli
