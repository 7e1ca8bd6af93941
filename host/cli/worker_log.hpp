// SPDX-License-Identifier: Apache-2.0
// Workers' lines and the pools' own messages on standard error, never waiting for whoever reads it.
#pragma once

#include "base/log.hpp"
#include "config/host_config.hpp"
#include "pool/pool.hpp"

namespace poolhost::cli {

/// "[thumbs 2 image.thumbnail] text" for a worker's line, "poolhost: warning: thumbs: text" for a message.
class WorkerLog final : public pool::PoolListener {
public:
    WorkerLog(base::Log& log, config::LogLevel least) : log_(&log), least_(least) {}

    void on_worker_line(std::string_view pool, std::int32_t index, std::string_view task, std::string_view stream,
                        std::string_view line) override;
    void on_log(std::string_view pool, std::int32_t level, std::string_view text) override;

private:
    base::Log* log_;
    config::LogLevel least_;
};

}  // namespace poolhost::cli
