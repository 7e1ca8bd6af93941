// SPDX-License-Identifier: Apache-2.0
// What an earlier run left in its file of results: which items have an outcome already.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace poolhost::cli {

/// One line of such a file: {"index": N, "value": …} or {"index": N, "item": …, "error": {…}}.
struct RecordedLine {
    std::uint64_t index = 0;
    bool failed = false;
    std::optional<std::size_t> item_digest;  // of a failed one's item
};
/// Nothing where the line is not one that a map writes.
std::optional<RecordedLine> read_recorded_line(std::string_view line);
/// Of an item as it stands in a line: the same for the same JSON value, however it is spelled. `json` is valid.
std::size_t item_digest(std::string_view json);

/// One bit an item, and a little more for failed ones.
class EarlierRun {
public:
    /// The last line of an index counts.
    void add(const RecordedLine& line);
    /// It is to be run again, and then has to be this item.
    void expect(std::uint64_t index, std::size_t item_digest);

    [[nodiscard]] bool has(std::uint64_t index) const { return index < done_.size() && done_[index]; }
    [[nodiscard]] bool failed(std::uint64_t index) const { return index < failed_.size() && failed_[index]; }
    /// Where the line said which item it was. Kept for the first 100,000 failed ones.
    [[nodiscard]] std::optional<std::size_t> digest(std::uint64_t index) const;
    [[nodiscard]] bool expects_items() const { return !digests_.empty(); }
    /// Items with an outcome.
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::uint64_t failures() const { return failures_; }
    /// One more than the largest index.
    [[nodiscard]] std::uint64_t end() const { return done_.size(); }

private:
    std::vector<bool> done_;
    std::vector<bool> failed_;
    std::unordered_map<std::uint64_t, std::size_t> digests_;
    std::uint64_t count_ = 0;
    std::uint64_t failures_ = 0;
};

}  // namespace poolhost::cli
