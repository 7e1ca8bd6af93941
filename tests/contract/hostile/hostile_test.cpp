// SPDX-License-Identifier: Apache-2.0
// Workers that do whatever they like to everything that they can reach: the host lives on, each call has its one
// outcome, the pool beside them serves as if nothing were, and nothing is left behind.
#include "starters.hpp"
#include "support/hostile_worker/malice.hpp"
#include "support/inventory.hpp"
#include "support/real_pools.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>

namespace poolhost::test {
namespace {

using namespace std::chrono_literals;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Each worker gets a seed of its own.
class HostileStarter final : public process::Starter {
public:
    explicit HostileStarter(std::uint64_t seed, std::uint64_t& started) : seed_(seed), started_(&started) {}
    void start(process::OnBirth on_birth) override {
        const std::uint64_t seed = seed_ + (*started_)++;
        process::make_spawn_starter({HOSTILE_WORKER_PROGRAM, {std::to_string(seed)}, {}})->start(std::move(on_birth));
    }

private:
    std::uint64_t seed_;
    std::uint64_t* started_;
};

config::PoolConfig pool_named(const std::string& name, std::uint32_t processes) {
    config::PoolConfig config;
    config.name = name;
    config.start_method = base::StartMethod::spawn;
    config.processes = {processes, processes, 30s, false};
    return config;
}

config::PoolConfig hostile_pool() {
    config::PoolConfig config = pool_named("hostile", 4);
    config.restart = {1'000'000, 60s};
    config.quarantine = 0;
    config.timeout = 200ms;
    config.grace = 20ms;
    config.start_timeout = 1s;
    return config;
}

class Siege {
public:
    Siege(std::uint64_t seed, std::uint64_t workers)
        : dice_(seed),
          workers_(workers),
          pools_({starters(seed), POOLHOST_WORKER_PROGRAM, POOLHOST_AFTERMATH_PROGRAM},
                 [](std::string_view text) { EXPECT_FALSE(text.starts_with(breach)) << text; }),
          good_(&pools_.start(pool_named("good", 1), {"well_behaved"})),
          hostile_(&pools_.start(hostile_pool(), {"well_behaved"})),
          watch_(pools_.loop(), [this] { look_for_progress(); }) {}

    void run() {
        for (int i = 0; i < 4; ++i) ask_the_good();
        for (int i = 0; i < 12; ++i) ask_the_hostile();
        watch_.arm_after(patience);
        pools_.run_until([this] { return started_ >= workers_ || stuck_; });
        over_ = true;
        for (const auto& [serial, id] : std::map(with_the_hostile_)) hostile_->cancel(id);
        pools_.run_until([this] { return pools_.open_calls() == 0 || stuck_; });
        EXPECT_FALSE(stuck_) << "no call had an outcome for " << patience / 1s << " s; " << started_ << " workers, "
                             << pools_.open_calls() << " calls are open";
        pools_.check_counters();
        pools_.stop(pool::Pool::Stop::at_once);
        EXPECT_THAT(pools_.faults(), testing::IsEmpty());
        EXPECT_EQ(pools_.open_calls(), 0U);
    }

    [[nodiscard]] std::uint64_t good_answers() const { return good_answers_; }
    [[nodiscard]] const std::map<std::string, std::uint64_t>& outcomes() const { return outcomes_; }

private:
    static constexpr base::Duration patience = 30s;

    cli::StarterFactory starters(std::uint64_t seed) {
        return [this, seed, honest = make_starters(POOLHOST_WORKER_PROGRAM)](
                   boost::asio::io_context& loop, const config::PoolConfig& pool, const catalog::Catalog& catalog,
                   pool::PoolListener& listener) -> base::Result<std::unique_ptr<process::Starter>> {
            if (pool.name == "good") return honest(loop, pool, catalog, listener);
            return std::unique_ptr<process::Starter>(std::make_unique<HostileStarter>(seed, started_));
        };
    }

    void ask_the_good() {
        const std::string number = std::to_string(dice_.below(1'000'000));
        pools_.submit(*good_, "poolhost.echo", "[" + number + "]", [this, number](const pool::Outcome& outcome) {
            const std::string value(reinterpret_cast<const char*>(outcome.value.data()), outcome.value.size());
            EXPECT_EQ(value, number) << (outcome.error == nullptr ? "" : outcome.error->message);
            ++good_answers_;
            pools_.check_counters();
            if (!over_) ask_the_good();
        });
    }

    void ask_the_hostile() {
        const std::string text(dice_.one_in(4) ? 100'000 : dice_.below(100), 'x');
        const std::uint64_t serial = next_serial_++;
        pool::CallRequest request;
        if (dice_.one_in(3)) request.result_encoding = wire::ResultEncoding::messagepack;
        const auto heard = [this, serial](const pool::Outcome& outcome) {
            with_the_hostile_.erase(serial);
            ++outcomes_[outcome.error == nullptr ? "value" : wire::kind_name(outcome.error->details)];
            // What a caller would do: read it all.
            for (const std::byte byte : outcome.value) sum_ = sum_ + std::to_integer<unsigned>(byte);
            if (!over_) ask_the_hostile();
        };
        with_the_hostile_[serial] = pools_.submit(*hostile_, "poolhost.echo", "[\"" + text + "\"]", heard, request);
    }

    void look_for_progress() {
        const std::uint64_t now = started_ + good_answers_;
        stuck_ = now == progress_;
        progress_ = now;
        watch_.arm_after(patience);
    }

    Dice dice_;
    std::uint64_t workers_;
    std::uint64_t started_ = 0;
    RealPools pools_;
    pool::Pool* good_;
    pool::Pool* hostile_;
    bool over_ = false;
    bool stuck_ = false;
    std::uint64_t progress_ = 0;
    std::uint64_t good_answers_ = 0;
    std::uint64_t next_serial_ = 0;
    std::map<std::uint64_t, pool::CallId> with_the_hostile_;  // by their serials
    std::map<std::string, std::uint64_t> outcomes_;           // of the hostile pool, by kind
    volatile unsigned sum_ = 0;
    pool::Timer watch_;
};

TEST(Hostile, WorkersHarmNobodyButThemselves) {
    const std::uint64_t seed = from_environment("POOLHOST_HOSTILE_SEED", 20240601);
    const std::uint64_t workers = from_environment("POOLHOST_HOSTILE_WORKERS", 200);
    SCOPED_TRACE("POOLHOST_HOSTILE_SEED=" + std::to_string(seed));
    Siege(seed + workers + 1000, 8).run();  // what is made once and stays
    const Inventory before = take_inventory();
    std::map<std::string, std::uint64_t> outcomes;
    {
        Siege siege(seed, workers);
        siege.run();
        EXPECT_GT(siege.good_answers(), workers);
        outcomes = siege.outcomes();
    }
    EXPECT_EQ(left_over(before, take_inventory()), "") << list_descriptors();
    for (const auto& [kind, count] : outcomes) std::cout << kind << ": " << count << '\n';
    EXPECT_GT(outcomes["value"], 0U);
    EXPECT_GT(outcomes["protocol"], 0U);
}

}  // namespace
}  // namespace poolhost::test
