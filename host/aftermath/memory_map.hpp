// SPDX-License-Identifier: Apache-2.0
// The executable parts of a dead process's memory, as lines of /proc/PID/maps tell of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::aftermath {

struct Region {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t offset = 0;  // in the file
    std::string path;          // absolute; or "[vdso]" and the like; empty where no file is mapped
    bool deleted = false;      // the file had this name no more; memfds never have one

    [[nodiscard]] bool contains(std::uint64_t address) const { return begin <= address && address < end; }
    /// The last part of its path.
    [[nodiscard]] std::string_view name() const;
};

/// Regions in the order of their addresses; lines that are none are left out.
std::vector<Region> read_memory_map(std::string_view lines);

/// nullptr where there is nothing that could be run.
const Region* region_at(const std::vector<Region>& map, std::uint64_t address);

}  // namespace poolhost::aftermath
