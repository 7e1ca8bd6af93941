// SPDX-License-Identifier: Apache-2.0
// Several real pools in the test's own process, which counts that each call has exactly one outcome.
#pragma once

#include "cli/private_host.hpp"
#include "pool/pool.hpp"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace poolhost::test {

using OnOutcome = std::function<void(const pool::Outcome& outcome)>;

class RealPools : private pool::OutcomeSink, private pool::PoolListener {
public:
    /// `on_said` hears every line of a worker and every line of the log.
    RealPools(cli::Wiring wiring, std::function<void(std::string_view)> on_said);
    ~RealPools() override;

    /// `plugins`: names of test plugins. Its memory and that of its workers is gone after stop().
    pool::Pool& start(config::PoolConfig config, const std::vector<std::string>& plugins);
    /// `arguments` is a JSON array.
    pool::CallId submit(pool::Pool& pool, const std::string& task, std::string arguments, OnOutcome on_outcome,
                        pool::CallRequest request = {});
    void run_until(const std::function<bool()>& done) { host_->run_until(done); }
    [[nodiscard]] boost::asio::io_context& loop() { return host_->loop(); }
    void stop(pool::Pool::Stop how);

    /// Calls that have no outcome yet.
    [[nodiscard]] std::size_t open_calls() const { return open_.size(); }
    /// Outcomes of calls that had one already, or never were; counters that did not balance.
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
    /// Looks at the counters of all pools.
    void check_counters();

private:
    void on_outcome(pool::Outcome outcome) override;
    void on_worker_line(const pool::WorkerLine& line) override;
    void on_log(std::string_view pool, std::int32_t level, std::string_view text) override;

    std::function<void(std::string_view)> on_said_;
    std::unique_ptr<cli::PrivateHost> host_;
    std::vector<pool::Pool*> pools_;
    std::unordered_map<std::uint64_t, OnOutcome> open_;
    std::uint64_t next_tag_ = 1;
    std::vector<std::string> faults_;
};

}  // namespace poolhost::test
