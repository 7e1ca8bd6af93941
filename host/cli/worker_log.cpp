// SPDX-License-Identifier: Apache-2.0
#include "cli/worker_log.hpp"

#include "cli/log_lines.hpp"

#include <string>

namespace poolhost::cli {
namespace {

constexpr std::int32_t information = 1;
constexpr std::int32_t warning = 2;

}  // namespace

WorkerLog::WorkerLog(base::Log& log, const config::LogConfig& config) : log_(&log), config_(config) {
    if (config_.format != config::LogFormat::json) return;
    log_->tell_dropped_by([](std::uint64_t lines) {
        const std::string text = std::to_string(lines) + " lines were dropped here";
        return json_line(LogMessage{.level = warning, .text = text}, std::chrono::system_clock::now());
    });
}

bool WorkerLog::leaves_out(std::int32_t level) const { return level < static_cast<std::int32_t>(config_.level); }

template <class Line>
void WorkerLog::write(const Line& line) {
    const bool as_json = config_.format == config::LogFormat::json;
    log_->write(as_json ? json_line(line, std::chrono::system_clock::now()) : text_line(line));
}

void WorkerLog::on_worker_line(const pool::WorkerLine& line) {
    if (line.stream == pool::WorkerLine::Stream::log && leaves_out(line.level)) return;
    write(line);
}

void WorkerLog::on_log(std::string_view pool, std::int32_t level, std::string_view text) {
    if (!leaves_out(level)) write(LogMessage{level, pool, text});
}

void WorkerLog::say(std::string_view text) { write(LogMessage{information, {}, text}); }

// ---- LogFlusher

LogFlusher::LogFlusher(boost::asio::io_context& loop, base::Log& log) : log_(&log), timer_(loop, [this] { flush(); }) {
    auto watch = DescriptorWatch::start(loop, log.fd(), [this] { flush(); });
    if (watch) watch_.emplace(std::move(*watch));
    log_->flush_later([this] { timer_.arm_after(base::Duration{0}); });
}

LogFlusher::~LogFlusher() { log_->flush_later({}); }

void LogFlusher::flush() {
    if (log_->flush()) return;
    if (watch_) {
        watch_->ask(DescriptorWatch::For::writing);
    } else {
        timer_.arm_after(base::Duration{0});
    }
}

}  // namespace poolhost::cli
