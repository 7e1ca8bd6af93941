// SPDX-License-Identifier: Apache-2.0
#include "worker/measure.hpp"

#include <cstdio>
#include <ctime>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

constexpr std::chrono::microseconds fresh{50};
constexpr std::chrono::milliseconds worth_measuring{1};

std::int64_t process_cpu_ns() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

}  // namespace

UsageMeter::UsageMeter()
    : statm_(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)), page_size_(::sysconf(_SC_PAGESIZE)) {}

std::int64_t UsageMeter::private_memory() const {
    char text[128] = {};
    if (::pread(statm_.get(), text, sizeof text - 1, 0) <= 0) return 0;
    long resident = 0;
    long shared = 0;
    if (std::sscanf(text, "%*d %ld %ld", &resident, &shared) != 2) return 0;
    return (std::int64_t{resident} - shared) * page_size_;
}

UsageMeter::Reading UsageMeter::read(base::TimePoint now) const { return {now, process_cpu_ns(), private_memory()}; }

void UsageMeter::before_call(base::TimePoint now) {
    if (now - last_.at >= fresh) last_ = read(now);
}

std::optional<Usage> UsageMeter::after_call(base::Duration run, base::TimePoint now) {
    if (run < worth_measuring) return std::nullopt;
    const Reading before = std::exchange(last_, read(now));
    return Usage{last_.cpu_ns - before.cpu_ns, last_.memory - before.memory};
}

}  // namespace poolhost::worker
