// SPDX-License-Identifier: Apache-2.0
// What a map says of its progress, in words: pure, so that every number in it can be tested.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace poolhost::cli {

/// What holds a map up at the moment.
enum class WaitsFor { nothing, input, workers, output };
std::string_view name_of(WaitsFor what);

struct ProgressNumbers {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::optional<std::uint64_t> total;  // if it is known, or can be estimated
    bool total_is_estimate = false;
    std::optional<double> rate;  // items a second, of late
    WaitsFor waits_for = WaitsFor::nothing;
};

/// One line with a bar, of at most `width` columns, without its end: "1200/20000 [==>   ] 6% 4100/s 2 failed, 5 s left,
/// waits for workers". Without a total there is no bar.
std::string bar_text(const ProgressNumbers& numbers, std::size_t width);
/// The same as a line of a log, of any width.
std::string line_text(const ProgressNumbers& numbers);
/// "20000 items in 2.4 s (8333/s), 3 failed".
std::string summary_text(std::uint64_t done, std::uint64_t failed, base::Duration elapsed);
/// "850", "12.3k", "4.56M": three digits that matter.
std::string short_number(double number);
/// "0.35 s", "42 s", "3:05 min", "1:02 h".
std::string short_duration(base::Duration duration);

/// How fast items have been done lately.
class RecentRate {
public:
    void add(base::TimePoint now, std::uint64_t done);
    /// Items a second over the last seconds; nothing before there are two samples.
    [[nodiscard]] std::optional<double> rate() const;

private:
    struct Sample {
        base::TimePoint at;
        std::uint64_t done = 0;
    };
    std::deque<Sample> samples_;
};

/// How many items there will be: as many as `taken`, and for the rest of the input as many for each byte as so far.
std::optional<std::uint64_t> estimate_total(std::uint64_t taken, std::uint64_t bytes_taken, std::uint64_t bytes_all);

}  // namespace poolhost::cli
