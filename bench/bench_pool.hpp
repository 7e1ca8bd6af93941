// SPDX-License-Identifier: Apache-2.0
// A real pool in the benchmark's own process, with when each outcome came.
#pragma once

#include "cli/private_host.hpp"
#include "pool/pool.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace poolhost::bench {

/// An outcome as a caller saw it.
struct Came {
    base::TimePoint at;
    std::string kind;  // "value", or the error's
    std::string cause;
    pid_t worker = 0;
};

class BenchPool : private pool::OutcomeSink, private pool::PoolListener {
public:
    BenchPool(config::PoolConfig config, const std::vector<std::string>& plugins);
    ~BenchPool() override;
    BenchPool(const BenchPool&) = delete;
    BenchPool& operator=(const BenchPool&) = delete;

    pool::Pool* operator->() { return pool_; }
    std::uint64_t submit(const std::string& task, const std::string& arguments, base::Duration timeout = {});
    const Came& wait_for(std::uint64_t call);
    void wait_until(const std::function<bool()>& done) { host_->run_until(done); }
    [[nodiscard]] pool::CallId id_of(std::uint64_t call) const { return ids_.at(call); }

private:
    void on_outcome(pool::Outcome outcome) override;
    void on_worker_line(const pool::WorkerLine&) override {}
    void on_log(std::string_view, std::int32_t, std::string_view) override {}

    std::unique_ptr<cli::PrivateHost> host_;
    pool::Pool* pool_ = nullptr;
    std::uint64_t next_ = 0;
    std::unordered_map<std::uint64_t, Came> came_;
    std::unordered_map<std::uint64_t, pool::CallId> ids_;
};

}  // namespace poolhost::bench
