// SPDX-License-Identifier: Apache-2.0
#include "cli/worker_log.hpp"

#include <array>

namespace poolhost::cli {
namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

std::size_t level_of(std::int32_t level) {
    if (level < 0) return 0;
    return std::min<std::size_t>(static_cast<std::size_t>(level), level_names.size() - 1);
}

}  // namespace

void WorkerLog::on_worker_line(std::string_view pool, std::int32_t index, std::string_view task, std::string_view,
                               std::string_view line) {
    std::string text = "[";
    text.append(pool).append(" ").append(std::to_string(index));
    if (!task.empty()) text.append(" ").append(task);
    text.append("] ").append(line);
    log_->write(text);
}

void WorkerLog::on_log(std::string_view pool, std::int32_t level, std::string_view text) {
    const std::size_t severity = level_of(level);
    if (severity < static_cast<std::size_t>(least_)) return;
    std::string line = "poolhost: ";
    line.append(level_names[severity]).append(": ").append(pool).append(": ").append(text);
    log_->write(line);
}

}  // namespace poolhost::cli
