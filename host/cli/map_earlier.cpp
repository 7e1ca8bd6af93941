// SPDX-License-Identifier: Apache-2.0
#include "cli/map_earlier.hpp"

#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>

namespace poolhost::cli {
namespace {

using nlohmann::json;

constexpr std::size_t most_digests = 100'000;
// A file that somebody else wrote may name any index; one bit each is kept up to this one.
constexpr std::uint64_t largest_index = std::uint64_t{1} << 36;

// A success as this program writes it: by far the most lines, so they are not parsed any further.
std::optional<RecordedLine> read_success(std::string_view line) {
    constexpr std::string_view opening = "{\"index\": ";
    constexpr std::string_view value = ", \"value\": ";
    if (!line.starts_with(opening) || !line.ends_with('}')) return std::nullopt;
    RecordedLine recorded;
    const char* const end = line.data() + line.size();
    const auto [rest, error] = std::from_chars(line.data() + opening.size(), end, recorded.index);
    const std::string_view after(rest, static_cast<std::size_t>(end - rest));
    if (error != std::errc{} || recorded.index > largest_index || !after.starts_with(value)) return std::nullopt;
    return recorded;
}

std::size_t digest_of(const json& item) { return std::hash<std::string>{}(item.dump()); }

}  // namespace

std::optional<RecordedLine> read_recorded_line(std::string_view line) {
    if (const auto success = read_success(line)) return success;
    const json parsed = json::parse(line, nullptr, false);
    if (!parsed.is_object()) return std::nullopt;
    const auto index = parsed.find("index");
    if (index == parsed.end() || !index->is_number_unsigned() || index->get<std::uint64_t>() > largest_index) {
        return std::nullopt;
    }
    RecordedLine recorded;
    recorded.index = index->get<std::uint64_t>();
    recorded.failed = parsed.contains("error");
    if (!recorded.failed && !parsed.contains("value")) return std::nullopt;
    if (const auto item = parsed.find("item"); item != parsed.end()) recorded.item_digest = digest_of(*item);
    return recorded;
}

std::size_t item_digest(std::string_view text) { return digest_of(json::parse(text, nullptr, false)); }

void EarlierRun::add(const RecordedLine& line) {
    if (line.index >= done_.size()) {
        done_.resize(line.index + 1);
        failed_.resize(line.index + 1);
    }
    count_ += done_[line.index] ? 0 : 1;
    if (failed_[line.index] != line.failed) line.failed ? ++failures_ : --failures_;
    done_[line.index] = true;
    failed_[line.index] = line.failed;
    if (line.item_digest) expect(line.index, *line.item_digest);
}

void EarlierRun::expect(std::uint64_t index, std::size_t item_digest) {
    if (digests_.size() < most_digests) digests_.insert_or_assign(index, item_digest);
}

std::optional<std::size_t> EarlierRun::digest(std::uint64_t index) const {
    const auto found = digests_.find(index);
    return found == digests_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace poolhost::cli
