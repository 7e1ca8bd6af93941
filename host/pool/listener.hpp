// SPDX-License-Identifier: Apache-2.0
// Who hears what pools, their templates and their workers say.
#pragma once

#include "pool/call.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

#include <sys/types.h>

namespace poolhost::pool {

/// The rank of a template: the fork server, or the host itself while it prepares a `fork` pool.
inline constexpr std::int32_t template_rank = -1;

/// A line that a worker or a template wrote, or that a task logged. Valid while the listener is being told.
struct WorkerLine {
    enum class Stream { output, errors, log };

    std::string_view pool = {};
    std::int32_t index = template_rank;
    pid_t pid = 0;                    // 0: not known
    std::optional<CallId> call = {};  // what it ran meanwhile
    std::string_view task = {};       // its task
    Stream stream = Stream::errors;
    std::int32_t level = 1;      // POOLHOST_LOG_…; what was only written is POOLHOST_LOG_INFO
    std::string_view text = {};  // without its end; any bytes
};

/// On the host's thread.
class PoolListener {
public:
    PoolListener() = default;
    PoolListener(const PoolListener&) = delete;
    PoolListener& operator=(const PoolListener&) = delete;
    virtual ~PoolListener() = default;

    virtual void on_worker_line(const WorkerLine& line) = 0;
    /// What the pool itself has to say. `level` is POOLHOST_LOG_….
    virtual void on_log(std::string_view pool, std::int32_t level, std::string_view text) = 0;
};

}  // namespace poolhost::pool
