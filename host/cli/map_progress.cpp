// SPDX-License-Identifier: Apache-2.0
#include "cli/map_progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace poolhost::cli {

using namespace std::chrono_literals;

namespace {

constexpr base::Duration rate_span = 5s;
constexpr std::size_t widest_bar = 40;
constexpr std::size_t narrowest_bar = 5;

template <class... Numbers>
std::string printed(const char* format, Numbers... numbers) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), format, numbers...);
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

double fraction_of(const ProgressNumbers& numbers) {
    if (!numbers.total || *numbers.total == 0) return 0;
    return std::min(1.0, static_cast<double>(numbers.done) / static_cast<double>(*numbers.total));
}

std::string count_text(const ProgressNumbers& numbers) {
    std::string text = std::to_string(numbers.done);
    if (!numbers.total) return text + (numbers.done == 1 ? " item" : " items");
    return text + (numbers.total_is_estimate ? "/~" : "/") + std::to_string(*numbers.total);
}

std::string percent_text(const ProgressNumbers& numbers) {
    // Rounded down: 100% means the end.
    return numbers.total ? printed(" %d%%", static_cast<int>(fraction_of(numbers) * 100)) : std::string();
}

std::string rest_text(const ProgressNumbers& numbers) {
    std::string text;
    if (numbers.rate) text += " " + short_number(*numbers.rate) + "/s";
    if (numbers.failed > 0) text += ", " + std::to_string(numbers.failed) + " failed";
    if (numbers.total && numbers.rate && *numbers.rate > 0 && *numbers.total > numbers.done) {
        const double seconds = static_cast<double>(*numbers.total - numbers.done) / *numbers.rate;
        constexpr double a_century = 3.2e9;
        if (seconds < a_century) {
            text += ", " +
                    short_duration(std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(seconds))) +
                    " left";
        }
    }
    if (numbers.waits_for != WaitsFor::nothing) text += ", waits for " + std::string(name_of(numbers.waits_for));
    return text;
}

std::string drawn_bar(double fraction, std::size_t width) {
    const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(width));
    std::string bar(width, ' ');
    std::fill_n(bar.begin(), filled, '=');
    if (filled < width) bar[filled] = '>';
    return " [" + bar + "]";
}

}  // namespace

std::string_view name_of(WaitsFor what) {
    switch (what) {
        case WaitsFor::nothing:
            return "nothing";
        case WaitsFor::input:
            return "input";
        case WaitsFor::workers:
            return "workers";
        case WaitsFor::output:
            return "output";
    }
    return "";
}

std::string bar_text(const ProgressNumbers& numbers, std::size_t width) {
    const std::string count = count_text(numbers);
    const std::string rest = percent_text(numbers) + rest_text(numbers);
    constexpr std::size_t frame = 3;
    std::string text = count;
    if (numbers.total && count.size() + rest.size() + frame + narrowest_bar <= width) {
        const std::size_t room = width - count.size() - rest.size() - frame;
        text += drawn_bar(fraction_of(numbers), std::min(room, widest_bar));
    }
    text += rest;
    if (text.size() > width) text.resize(width);
    return text;
}

std::string line_text(const ProgressNumbers& numbers) {
    return count_text(numbers) + percent_text(numbers) + rest_text(numbers);
}

std::string summary_text(std::uint64_t done, std::uint64_t failed, base::Duration elapsed) {
    const double seconds = std::chrono::duration<double>(elapsed).count();
    std::string text = std::to_string(done) + (done == 1 ? " item in " : " items in ") + short_duration(elapsed);
    if (seconds > 0 && done > 0) text += " (" + short_number(static_cast<double>(done) / seconds) + "/s)";
    if (failed > 0) text += ", " + std::to_string(failed) + " failed";
    return text;
}

std::string short_number(double number) {
    const char* unit = "";
    for (const char* larger : {"k", "M", "G"}) {
        if (number < 999.5) break;
        number /= 1000;
        unit = larger;
    }
    const int decimals = number >= 99.95 || *unit == '\0' ? 0 : number >= 9.995 ? 1 : 2;
    if (*unit == '\0' && number < 9.95) return printed("%.1f", number);
    return printed("%.*f%s", decimals, number, unit);
}

std::string short_duration(base::Duration duration) {
    const double seconds = std::chrono::duration<double>(duration).count();
    if (seconds < 9.95) return printed("%.*f s", seconds < 0.995 ? 2 : 1, seconds);
    const auto whole = static_cast<long long>(std::llround(std::min(seconds, 9e15)));
    if (whole < 60) return printed("%lld s", whole);
    if (whole < 3600) return printed("%lld:%02lld min", whole / 60, whole % 60);
    return printed("%lld:%02lld h", whole / 3600, whole % 3600 / 60);
}

void RecentRate::add(base::TimePoint now, std::uint64_t done) {
    samples_.push_back({now, done});
    while (samples_.size() > 2 && now - samples_[1].at >= rate_span) samples_.pop_front();
}

std::optional<double> RecentRate::rate() const {
    if (samples_.size() < 2) return std::nullopt;
    const double seconds = std::chrono::duration<double>(samples_.back().at - samples_.front().at).count();
    if (seconds <= 0) return std::nullopt;
    return static_cast<double>(samples_.back().done - samples_.front().done) / seconds;
}

std::optional<std::uint64_t> estimate_total(std::uint64_t taken, std::uint64_t bytes_taken, std::uint64_t bytes_all) {
    if (taken == 0 || bytes_taken == 0) return std::nullopt;
    if (bytes_taken >= bytes_all) return taken;
    const double per_byte = static_cast<double>(taken) / static_cast<double>(bytes_taken);
    return taken + static_cast<std::uint64_t>(per_byte * static_cast<double>(bytes_all - bytes_taken));
}

}  // namespace poolhost::cli
