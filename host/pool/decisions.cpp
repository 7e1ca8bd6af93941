// SPDX-License-Identifier: Apache-2.0
#include "pool/decisions.hpp"

#include "wire/records.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace poolhost::pool {

using namespace std::chrono_literals;
using base::Duration;

namespace {

// A batch shall be worth a wake-up (tens of microseconds) many times over, and still end soon.
constexpr Duration batch_target = 1ms;
// A worker that waits for its next call loses about one wake-up; from here on that is less than one percent.
constexpr Duration longest_ahead = 10ms;
constexpr Duration first_backoff = 100ms;
constexpr Duration longest_backoff = 30s;

}  // namespace

void RunTime::add(Duration run) {
    const double ns = static_cast<double>(std::max<Duration::rep>(run.count(), 0));
    mean_ns_ = mean_ns_ < 0 ? ns : mean_ns_ + (ns - mean_ns_) / 16;
}

std::optional<Duration> RunTime::mean() const {
    if (mean_ns_ < 0) return std::nullopt;
    return Duration(static_cast<Duration::rep>(mean_ns_));
}

std::size_t batch_size(std::optional<Duration> mean, std::size_t queued, std::size_t workers) {
    if (!mean) return 1;
    const auto worth = static_cast<std::size_t>(batch_target.count() / std::max<Duration::rep>(mean->count(), 1));
    // Towards the end smaller batches, so that all workers end together.
    const std::size_t share = queued / (2 * std::max<std::size_t>(workers, 1));
    return std::clamp<std::size_t>(std::min(worth, share), 1, wire::max_batch_items);
}

std::size_t calls_ahead(std::optional<Duration> mean, std::optional<std::uint32_t> configured) {
    if (configured) return *configured;
    if (!mean || *mean > longest_ahead) return 0;
    return std::max<std::size_t>(1, 2 * batch_size(mean, static_cast<std::size_t>(-1), 1));
}

Duration restart_delay(const config::RestartPolicy& policy, const Deaths& deaths, base::TimePoint now, double jitter) {
    const auto recent = static_cast<std::size_t>(
        std::ranges::count_if(deaths.while_idle, [&](base::TimePoint death) { return now - death <= policy.within; }));
    const std::size_t counted = deaths.at_start + recent;
    if (counted <= policy.max) return 0ns;
    Duration delay = first_backoff;
    for (std::size_t i = policy.max + 1; i < counted && delay < longest_backoff; ++i) delay *= 2;
    delay = std::min(delay, longest_backoff);
    return delay + Duration(static_cast<Duration::rep>(static_cast<double>(delay.count()) * jitter / 4));
}

std::size_t wanted_workers(const config::Processes& processes, std::size_t live, std::size_t idle, std::size_t queued) {
    const std::size_t missing = queued > idle ? queued - idle : 0;
    return std::clamp<std::size_t>(live + missing, processes.min, processes.max);
}

bool may_retry(bool idempotent, std::uint32_t attempt, std::uint32_t retries) {
    return idempotent && attempt <= retries;
}

RecycleLimits recycle_limits(const config::Recycle& recycle, double jitter) {
    const double share = 1 - jitter * recycle.jitter_percent / 100;
    const auto shortened = [share](auto whole) {
        return static_cast<decltype(whole)>(std::ceil(static_cast<double>(whole) * share));
    };
    RecycleLimits limits;
    if (recycle.tasks) limits.tasks = shortened(*recycle.tasks);
    if (recycle.memory) limits.memory_growth = shortened(recycle.memory->count);
    if (recycle.age) limits.age = Duration(shortened(recycle.age->count()));
    return limits;
}

std::string recycle_reason(const RecycleLimits& limits, const WorkerUse& use) {
    if (limits.tasks && use.tasks >= *limits.tasks) return "it ran " + std::to_string(use.tasks) + " tasks";
    if (limits.memory_growth && use.memory_growth >= static_cast<std::int64_t>(*limits.memory_growth)) {
        return "its memory grew by " + std::to_string(use.memory_growth >> 20) + " MiB";
    }
    if (limits.age && use.age >= *limits.age) {
        return "it is " + std::to_string(use.age / 1s) + " s old";
    }
    return {};
}

std::size_t most_recycled_at_once(std::size_t workers) { return std::max<std::size_t>(1, workers / 4); }

Duration shortest_timeout(Duration call, Duration task, std::optional<Duration> pool) {
    Duration shortest{0};
    for (const Duration limit : {call, task, pool.value_or(Duration{0})}) {
        if (limit > Duration{0} && (shortest == Duration{0} || limit < shortest)) shortest = limit;
    }
    return shortest;
}

}  // namespace poolhost::pool
