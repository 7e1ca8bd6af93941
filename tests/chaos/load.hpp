// SPDX-License-Identifier: Apache-2.0
// Calls of every kind, kept coming: most of them quick and checked for their values, some that take their worker along.
#pragma once

#include "chaos/tally.hpp"
#include "support/hostile_worker/dice.hpp"
#include "support/real_pools.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace poolhost::chaos {

class Load {
public:
    Load(test::RealPools& pools, pool::Pool& pool, std::uint64_t seed, Tally& tally);

    /// Submits calls until so many have no outcome yet.
    void top_up(std::size_t open);
    /// Cancels one that has no outcome yet.
    void cancel_one(test::Dice& dice);
    [[nodiscard]] std::size_t open() const { return open_.size(); }

    /// What one call asks for, and what it may answer.
    struct Errand {
        std::string task;
        std::string arguments = "[]";
        std::string value = {};  // expected, as JSON; empty: any
        std::uint64_t size = 0;  // expected of the value; 0: any
        bool may_throw = false;
        base::Duration timeout{0};
        base::Duration deadline{0};
        wire::ResultEncoding encoding = wire::ResultEncoding::json;
    };

private:
    void submit_one();
    void judge(const Errand& errand, const pool::Outcome& outcome);

    test::RealPools* pools_;
    pool::Pool* pool_;
    test::Dice dice_;
    Tally* tally_;
    std::uint64_t next_ = 0;
    std::unordered_map<std::uint64_t, pool::CallId> open_;
};

}  // namespace poolhost::chaos
