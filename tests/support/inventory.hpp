// SPDX-License-Identifier: Apache-2.0
// What this process holds of the system: to be the same after a test as before it.
#pragma once

#include <cstddef>
#include <string>

namespace poolhost::test {

struct Inventory {
    std::size_t descriptors = 0;
    std::size_t children = 0;         // zombies included
    std::size_t shared_mappings = 0;  // of channels and buffers
    std::size_t own_bytes = 0;        // of memory that is resident and no file's nor shared
};

Inventory take_inventory();

/// What there is more of than before, its own memory aside; empty where there is nothing.
std::string left_over(const Inventory& before, const Inventory& after);

/// What each open descriptor of this process is, one a line.
std::string list_descriptors();

}  // namespace poolhost::test
