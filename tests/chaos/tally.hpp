// SPDX-License-Identifier: Apache-2.0
// What has happened so far, and what must not have.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace poolhost::chaos {

struct Tally {
    std::uint64_t submitted = 0;
    std::uint64_t outcomes = 0;
    std::map<std::string, std::map<std::string, std::uint64_t>> by_pool;  // pool → kind of outcome → how many
    std::map<std::string, std::uint64_t> havoc;                           // what was done to the pools
    std::vector<std::string> faults;
    std::deque<std::string> said;  // the newest lines of logs and workers

    void fault(std::string what) { faults.push_back(std::move(what)); }
    void hear(std::string_view line) {
        said.emplace_back(line.substr(0, 300));
        if (said.size() > 60) said.pop_front();
    }
};

}  // namespace poolhost::chaos
