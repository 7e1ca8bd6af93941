// SPDX-License-Identifier: Apache-2.0
// What the pool decides, as pure functions: no process, no clock, no state.
#pragma once

#include "base/clock.hpp"
#include "config/pool_config.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace poolhost::pool {

/// Mean running time of a task, newer calls weighing more. Nothing until it was measured.
class RunTime {
public:
    void add(base::Duration run);
    [[nodiscard]] std::optional<base::Duration> mean() const;

private:
    double mean_ns_ = -1;
};

/// How many calls of one task to put into one batch for a worker. `queued`: calls that wait, these included.
std::size_t batch_size(std::optional<base::Duration> mean, std::size_t queued, std::size_t workers);

/// How many calls a worker may hold beyond the one that it runs. 0: none is handed ahead.
/// `configured`: the pool's prefetch key; nothing: decide from the measured time.
std::size_t calls_ahead(std::optional<base::Duration> mean, std::optional<std::uint32_t> configured);

/// Deaths that speak against the pool's workers as such. A death inside a call is not one of them.
struct Deaths {
    std::uint32_t at_start = 0;               // since a worker was last ready
    std::vector<base::TimePoint> while_idle;  // newest last
};

/// How long to wait before another worker is started. `jitter`: from 0 to 1, so that pools do not all try at once.
base::Duration restart_delay(const config::RestartPolicy& policy, const Deaths& deaths, base::TimePoint now,
                             double jitter);

/// How many workers there shall be: `queued` calls wait, `live` workers start or work, `idle` of them have nothing to
/// do.
std::size_t wanted_workers(const config::Processes& processes, std::size_t live, std::size_t idle, std::size_t queued);

/// Whether a call whose worker died is run again. `attempt`: the one that failed, from 1.
bool may_retry(bool idempotent, std::uint32_t attempt, std::uint32_t retries);

/// When one worker is recycled: the pool's limits, each shortened by this worker's share of the jitter.
struct RecycleLimits {
    std::optional<std::uint64_t> tasks;
    std::optional<std::uint64_t> memory_growth;  // bytes
    std::optional<base::Duration> age;
};
/// `jitter`: from 0 to 1, another for every worker.
RecycleLimits recycle_limits(const config::Recycle& recycle, double jitter);

/// What a worker has used up since it was ready.
struct WorkerUse {
    std::uint64_t tasks = 0;
    std::int64_t memory_growth = 0;  // private resident bytes
    base::Duration age{0};
};
/// Why it is to be recycled now, in words for the log; empty where it is not.
std::string recycle_reason(const RecycleLimits& limits, const WorkerUse& use);

/// How many workers of a pool may be on their way out by recycling at a time: never all of them at once.
std::size_t most_recycled_at_once(std::size_t workers);

/// The running time allowed to an attempt: the shortest of those that are set; 0: unlimited.
base::Duration shortest_timeout(base::Duration call, base::Duration task, std::optional<base::Duration> pool);

}  // namespace poolhost::pool
