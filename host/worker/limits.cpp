// SPDX-License-Identifier: Apache-2.0
#include "worker/limits.hpp"

#include <cerrno>
#include <ctime>
#include <string>
#include <vector>

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace poolhost::worker {
namespace {

using base::Result;
using OptionalLimit = std::optional<std::uint64_t>;

// A sanitizer reserves terabytes, which count as data.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_can_be_limited = false;
#else
constexpr bool memory_can_be_limited = true;
#endif

base::Error refused(const char* key, std::uint64_t wanted, const rlimit& now) {
    const int error = errno;
    const std::string most = now.rlim_max == RLIM_INFINITY ? "unlimited" : std::to_string(now.rlim_max);
    return base::system_error("cannot set limits." + std::string(key) + " to " + std::to_string(wanted) +
                                  " (the hard limit here is " + most + ")",
                              error);
}

Result<void> limit(const char* key, __rlimit_resource resource, OptionalLimit wanted) {
    if (!wanted) return {};
    rlimit now{};
    ::getrlimit(resource, &now);
    const rlimit both{*wanted, *wanted};
    if (::setrlimit(resource, &both) != 0) return refused(key, *wanted, now);
    return {};
}

Result<void> apply_nice(std::int32_t nice) {
    errno = 0;
    if (nice != 0 && ::nice(nice) == -1 && errno != 0) {
        return base::system_error("cannot set nice " + std::to_string(nice));
    }
    return {};
}

Result<void> apply_affinity(const std::vector<std::int32_t>& cpus) {
    constexpr std::size_t most_cpus = 8192;
    if (cpus.empty()) return {};
    std::vector<cpu_set_t> set(CPU_ALLOC_SIZE(most_cpus) / sizeof(cpu_set_t));
    const std::size_t size = set.size() * sizeof(cpu_set_t);
    std::string names;
    for (const std::int32_t cpu : cpus) {
        if (cpu >= 0 && static_cast<std::size_t>(cpu) < most_cpus)
            CPU_SET_S(static_cast<std::size_t>(cpu), size, set.data());
        names += (names.empty() ? "" : ", ") + std::to_string(cpu);
    }
    if (::sched_setaffinity(0, size, set.data()) != 0) {
        return base::system_error("cannot set cpu_affinity [" + names + "]");
    }
    return {};
}

}  // namespace

Result<void> apply_limits(const wire::WorkerDescription& description) {
    const wire::ResourceLimits& limits = description.limits;
    if (auto done = apply_nice(description.nice); !done) return done;
    if (auto done = apply_affinity(description.cpu_affinity); !done) return done;
    if (auto done = limit("open_files", RLIMIT_NOFILE, limits.open_files); !done) return done;
    if (auto done = limit("stack", RLIMIT_STACK, limits.stack); !done) return done;
    if (auto done = limit("core", RLIMIT_CORE, limits.core); !done) return done;
    // A core_pattern that is a pipe ignores the limit.
    if (limits.core == 0) ::prctl(PR_SET_DUMPABLE, 0);
    if (!memory_can_be_limited) return {};
    // RLIMIT_AS would count the shared memory of large arguments.
    return limit("memory", RLIMIT_DATA, limits.memory);
}

void CpuLimit::before_call(base::TimePoint now) {
    constexpr std::chrono::milliseconds a_moment{100};
    if (!seconds_ || (now - moved_ < a_moment && moved_ != base::TimePoint())) return;
    moved_ = now;
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    rlimit limit{};
    ::getrlimit(RLIMIT_CPU, &limit);
    // Rounded up, so that a call has at least what it was promised.
    limit.rlim_cur = static_cast<rlim_t>(used.tv_sec) + 1 + *seconds_;
    if (limit.rlim_cur < limit.rlim_max) ::setrlimit(RLIMIT_CPU, &limit);
}

}  // namespace poolhost::worker
