// SPDX-License-Identifier: Apache-2.0
#include "aftermath/memory_map.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace poolhost::aftermath {
namespace {

/// Takes a line apart from its beginning.
class Line {
public:
    explicit Line(std::string_view text) : rest_(text) {}

    std::optional<std::uint64_t> hexadecimal(char behind) {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number, 16);
        if (error != std::errc() || end == rest_.data() + rest_.size() || *end != behind) return std::nullopt;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()) + 1);
        return number;
    }
    std::string_view word() {
        const std::string_view found = rest_.substr(0, rest_.find(' '));
        rest_.remove_prefix(std::min(found.size() + 1, rest_.size()));
        return found;
    }
    [[nodiscard]] std::string_view rest() const {
        const std::size_t start = rest_.find_first_not_of(' ');
        return start == std::string_view::npos ? std::string_view() : rest_.substr(start);
    }

private:
    std::string_view rest_;
};

// "begin-end rwxp offset device inode     path"
std::optional<Region> read_line(std::string_view text) {
    constexpr std::string_view gone = " (deleted)";
    Line line(text);
    const auto begin = line.hexadecimal('-');
    const auto end = begin ? line.hexadecimal(' ') : std::nullopt;
    if (!end || *end <= *begin) return std::nullopt;
    if (line.word().find('x') == std::string_view::npos) return std::nullopt;
    const auto offset = line.hexadecimal(' ');
    if (!offset) return std::nullopt;
    line.word();  // device
    line.word();  // inode
    std::string_view path = line.rest();
    const bool deleted = path.ends_with(gone);
    if (deleted) path.remove_suffix(gone.size());
    return Region{*begin, *end, *offset, std::string(path), deleted};
}

}  // namespace

std::string_view Region::name() const {
    const std::string_view whole = path;
    return whole.substr(whole.rfind('/') + 1);
}

std::vector<Region> read_memory_map(std::string_view lines) {
    std::vector<Region> map;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        if (auto region = read_line(line)) map.push_back(std::move(*region));
    }
    std::ranges::sort(map, {}, &Region::begin);
    return map;
}

const Region* region_at(const std::vector<Region>& map, std::uint64_t address) {
    const auto after = std::ranges::upper_bound(map, address, {}, &Region::begin);
    if (after == map.begin()) return nullptr;
    const Region& before = *std::prev(after);
    return before.contains(address) ? &before : nullptr;
}

}  // namespace poolhost::aftermath
