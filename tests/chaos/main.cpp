// SPDX-License-Identifier: Apache-2.0
// The chaos test: pools of all kinds under a load of calls, some of which kill their workers, while workers and fork
// servers are killed and stopped from outside and the host's loop is stalled. Whatever happens, each call has exactly
// one outcome, the counters balance, and at the end nothing is left. Usage: chaos [CALLS | SECONDSs] [SEED].
#include "chaos/havoc.hpp"
#include "chaos/load.hpp"
#include "starters.hpp"
#include "support/inventory.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>

namespace poolhost::chaos {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

constexpr base::Duration turn_length = 2ms;
constexpr base::Duration patience = 60s;  // without a single outcome
constexpr std::size_t calls_a_pool = 60;
constexpr std::size_t most_growth = std::size_t{48} << 20;  // of the host's own memory, from half-time to the end

struct Extent {
    std::uint64_t calls = 100'000;
    std::optional<base::Duration> time;
};

config::PoolConfig pool_named(const std::string& name, base::StartMethod method, std::uint32_t min, std::uint32_t max) {
    config::PoolConfig config;
    config.name = name;
    config.start_method = method;
    config.processes = {min, max, 100ms, false};
    config.timeout = 400ms;
    config.grace = 30ms;
    config.start_timeout = 4s;
    config.restart = {1000, 10s};
    config.quarantine = 0;
    config.limits.core = base::Bytes{0};
    if (!sanitized) config.limits.memory = base::mebibytes(192);
    return config;
}

std::vector<config::PoolConfig> pool_configs() {
    std::vector<config::PoolConfig> configs{pool_named("forked", base::StartMethod::fork, 2, 2),
                                            pool_named("spawned", base::StartMethod::spawn, 1, 2),
                                            pool_named("served", base::StartMethod::forkserver, 2, 2),
                                            pool_named("elastic", base::StartMethod::forkserver, 0, 4)};
    configs[0].retries = 2;
    configs[1].recycle.tasks = 300;
    configs[2].quarantine = 3;
    configs[2].recycle.tasks = 2000;
    configs[2].recycle.age = 1s;
    configs[3].queue_limit = 40;
    configs[3].prefetch = 0;
    return configs;
}

class Chaos {
public:
    Chaos(Extent extent, std::uint64_t seed)
        : extent_(extent),
          pools_({make_starters(POOLHOST_WORKER_PROGRAM), POOLHOST_WORKER_PROGRAM, POOLHOST_AFTERMATH_PROGRAM},
                 [this](std::string_view line) { tally_.hear(line); }),
          before_(test::take_inventory()),
          turn_timer_(pools_.loop(), [this] { turn(); }),
          patience_timer_(pools_.loop(), [this] { look_for_progress(); }) {
        std::vector<pool::Pool*> all;
        std::vector<Load*> loads;
        for (config::PoolConfig& config : pool_configs()) {
            all.push_back(&pools_.start(std::move(config),
                                        {"crash", "greedy", "hang", "large", "slow", "throwing", "well_behaved"}));
            loads_.push_back(std::make_unique<Load>(pools_, *all.back(), seed + loads_.size(), tally_));
            loads.push_back(loads_.back().get());
        }
        havoc_.emplace(seed + 1000, all, loads, tally_);
    }

    bool run() {
        turn_timer_.arm_after(turn_length);
        patience_timer_.arm_after(patience);
        pools_.run_until([this] { return over_ || stuck_; });
        turn_timer_.disarm();
        havoc_->relent();
        check_memory();
        pools_.run_until([this] { return pools_.open_calls() == 0 || stuck_; });
        if (stuck_) {
            tally_.fault("no call had an outcome for a minute; open: " + std::to_string(pools_.open_calls()));
        }
        patience_timer_.disarm();
        pools_.check_counters();
        pools_.stop(stuck_ ? pool::Pool::Stop::at_once : pool::Pool::Stop::drain);
        for (const std::string& fault : pools_.faults()) tally_.fault(fault);
        if (const std::string left = test::left_over(before_, test::take_inventory()); !left.empty()) {
            tally_.fault(left + "\n" + test::list_descriptors());
        }
        return tally_.faults.empty();
    }

    void report() const {
        for (const auto& [pool, kinds] : tally_.by_pool) {
            std::printf("%-8s", pool.c_str());
            for (const auto& [kind, count] : kinds) std::printf(" %s %llu", kind.c_str(), as_number(count));
            std::printf("\n");
        }
        for (const auto& [what, count] : tally_.havoc) std::printf("%s: %llu\n", what.c_str(), as_number(count));
        const double seconds = std::chrono::duration<double>(base::Clock::now() - began_).count();
        std::printf("%llu outcomes of %llu calls in %.1f s\n", as_number(tally_.outcomes), as_number(tally_.submitted),
                    seconds);
    }

    void report_faults() const {
        for (const std::string& fault : tally_.faults) std::fprintf(stderr, "FAULT: %s\n", fault.c_str());
        std::fprintf(stderr, "what was said last:\n");
        for (const std::string& line : tally_.said) std::fprintf(stderr, "  %s\n", line.c_str());
    }

private:
    static unsigned long long as_number(std::uint64_t count) { return count; }

    void turn() {
        const base::TimePoint now = base::Clock::now();
        havoc_->turn(now);
        pools_.check_counters();
        const double done = extent_.time ? std::chrono::duration<double>(now - began_) / *extent_.time
                                         : static_cast<double>(tally_.submitted) / static_cast<double>(extent_.calls);
        if (done >= 0.5 && half_time_ == 0) half_time_ = test::take_inventory().own_bytes;
        over_ = done >= 1 || !pools_.faults().empty();
        if (over_) return;
        for (const auto& load : loads_) load->top_up(calls_a_pool);
        turn_timer_.arm_after(turn_length);
    }

    void check_memory() {
        if (sanitized || half_time_ == 0) return;  // a sanitizer keeps freed memory for a while
        const std::size_t now = test::take_inventory().own_bytes;
        if (now > half_time_ + most_growth) {
            tally_.fault("the host grew from " + std::to_string(half_time_) + " to " + std::to_string(now) + " bytes");
        }
    }

    void look_for_progress() {
        stuck_ = tally_.outcomes == seen_;
        seen_ = tally_.outcomes;
        patience_timer_.arm_after(patience);
    }

    Extent extent_;
    Tally tally_;
    test::RealPools pools_;
    test::Inventory before_;
    std::vector<std::unique_ptr<Load>> loads_;
    std::optional<Havoc> havoc_;
    base::TimePoint began_ = base::Clock::now();
    std::size_t half_time_ = 0;
    bool over_ = false;
    bool stuck_ = false;
    std::uint64_t seen_ = 0;
    pool::Timer turn_timer_;
    pool::Timer patience_timer_;
};

std::optional<Extent> read_extent(const std::string& text) {
    char* end = nullptr;
    const unsigned long long number = std::strtoull(text.c_str(), &end, 10);
    const std::string unit = end;
    if (number == 0 || !(unit.empty() || unit == "s")) return std::nullopt;
    Extent extent;
    if (unit == "s") {
        extent.time = std::chrono::seconds(number);
    } else {
        extent.calls = number;
    }
    return extent;
}

// Everything that is written goes here, so that what is left over can be seen.
fs::path own_folder() {
    std::string name = (fs::temp_directory_path() / "poolhost-chaos-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::exit(2);
    for (const char* variable : {"TMPDIR", "XDG_STATE_HOME", "STATE_DIRECTORY", "XDG_RUNTIME_DIR"}) {
        ::setenv(variable, name.c_str(), 1);
    }
    return name;
}

bool nothing_but_capsules(const fs::path& folder) {
    bool clean = true;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.path().extension() == ".capsule") continue;
        std::fprintf(stderr, "FAULT: left over: %s\n", entry.path().c_str());
        clean = false;
    }
    return clean;
}

bool run(Extent extent, std::uint64_t seed) {
    const fs::path folder = own_folder();
    bool good = false;
    {
        Chaos chaos(extent, seed);
        good = chaos.run();
        chaos.report();
        if (!good) chaos.report_faults();
    }
    good = nothing_but_capsules(folder) && good;
    fs::remove_all(folder);
    return good;
}

}  // namespace
}  // namespace poolhost::chaos

int main(int argc, char** argv) {
    using namespace poolhost::chaos;
    const std::optional<Extent> extent = argc > 1 ? read_extent(argv[1]) : Extent{};
    if (!extent || argc > 3) {
        std::fprintf(stderr, "usage: chaos [CALLS | SECONDSs] [SEED]\n");
        return 2;
    }
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device{}();
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    const bool good = run(*extent, seed);
    if (!good)
        std::fprintf(stderr, "chaos failed; again with: ./dev chaos %s %llu\n", argc > 1 ? argv[1] : "100000",
                     static_cast<unsigned long long>(seed));
    return good ? 0 : 1;
}
