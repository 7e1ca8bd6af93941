// SPDX-License-Identifier: Apache-2.0
// What is done to the pools from outside, at random moments: signals to workers and fork servers, stalls of the loop.
#pragma once

#include "chaos/load.hpp"
#include "chaos/tally.hpp"
#include "support/hostile_worker/dice.hpp"

#include <map>
#include <vector>

#include <sys/types.h>

namespace poolhost::chaos {

class Havoc {
public:
    Havoc(std::uint64_t seed, std::vector<pool::Pool*> pools, std::vector<Load*> loads, Tally& tally)
        : dice_(seed), pools_(std::move(pools)), loads_(std::move(loads)), tally_(&tally) {}

    /// One turn: often nothing, sometimes an act.
    void turn(base::TimePoint now);
    /// Lets everything go on that was stopped.
    void relent();

private:
    void signal_worker(int signal, const char* what);
    void stop_worker(base::TimePoint now);
    void wake_stopped(base::TimePoint now);
    void kill_fork_server();
    void stall_loop();
    [[nodiscard]] pid_t any_worker();
    [[nodiscard]] bool is_worker(pid_t pid) const;

    test::Dice dice_;
    std::vector<pool::Pool*> pools_;
    std::vector<Load*> loads_;
    Tally* tally_;
    std::multimap<base::TimePoint, pid_t> stopped_;  // by when they may go on
};

}  // namespace poolhost::chaos
