// SPDX-License-Identifier: Apache-2.0
// Whatever a worker's signal handler wrote, or something else in its place: naming it ends with frames or an error.
//
// The first byte says whose memory map is used: that of this program, so that the addresses lead into real tables, or
// text of the input. With the real one, words of the input name places in the code and on the stack.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <span>
#include <string>

#include "aftermath/memory_map.hpp"
#include "aftermath/unwind.hpp"

namespace {

using poolhost::aftermath::Region;

constexpr std::uint64_t stack_begin = 0x7ffd'0000'0000;

// Of few and small files, so that a round is short.
std::string real_map() {
    std::ifstream maps("/proc/self/maps");
    std::string kept;
    for (std::string line; std::getline(maps, line);) {
        if (line.find("libgcc_s") != std::string::npos || line.find("[vdso]") != std::string::npos) kept += line + "\n";
    }
    return kept;
}

// A word whose highest byte says what it is an offset into.
std::uint64_t placed(std::uint64_t word, const std::vector<Region>& map) {
    const std::uint64_t offset = word & 0xff'ffff;
    const auto kind = static_cast<unsigned>(word >> 56);
    if (kind % 4 == 1) return stack_begin + offset % 4096;
    if (kind % 4 != 2 || map.empty()) return word;
    const Region& region = map[kind / 4 % map.size()];
    return region.begin + offset % (region.end - region.begin);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string map_text = real_map();
    static const std::vector<Region> map = poolhost::aftermath::read_memory_map(map_text);
    constexpr std::size_t register_bytes = 17 * sizeof(std::uint64_t);
    if (size < 1 + register_bytes) return 0;
    const bool real = data[0] % 8 != 0;
    std::span<const std::uint8_t> rest(data + 1, size - 1);
    std::vector<std::uint64_t> words(rest.size() / sizeof(std::uint64_t));
    std::memcpy(words.data(), rest.data(), words.size() * sizeof(std::uint64_t));
    if (real) {
        for (std::uint64_t& word : words) word = placed(word, map);
    }
    poolhost::wire::StackSample sample;
    sample.registers.assign(words.begin(), words.begin() + 17);
    sample.stack_begin = real ? stack_begin : words[0];
    sample.stack.assign(reinterpret_cast<const char*>(words.data() + 17), (words.size() - 17) * sizeof(std::uint64_t));
    rest = rest.subspan(register_bytes);
    sample.maps = real ? map_text : std::string(rest.begin(), rest.end());
    const auto stack = poolhost::aftermath::name_stack(sample, {}, [](const auto&) {});
    if (stack ? stack->empty() : stack.error().message.empty()) std::abort();
    return 0;
}
