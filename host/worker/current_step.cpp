// SPDX-License-Identifier: Apache-2.0
#include "worker/current_step.hpp"

#include <algorithm>
#include <array>

namespace poolhost::worker {
namespace {

// Its last byte stays 0.
std::array<char, 512> memory{};

}  // namespace

void set_current_step(std::string_view step) {
    const std::size_t size = std::min(step.size(), memory.size() - 1);
    std::copy_n(step.data(), size, memory.data());
    memory[size] = '\0';
}

const char* current_step() { return memory.data(); }

}  // namespace poolhost::worker
