// SPDX-License-Identifier: Apache-2.0
#include "config/units.hpp"

#include "base/error.hpp"
#include "config/fault.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace poolhost::config {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

// From large to small: what is printed takes the first that divides.
constexpr std::array duration_units{Unit{"h", 3'600'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"s", 1'000'000'000},
                                    Unit{"ms", 1'000'000}, Unit{"us", 1'000}};
constexpr std::array size_units{Unit{"TiB", 1ULL << 40U}, Unit{"GiB", 1ULL << 30U}, Unit{"MiB", 1ULL << 20U},
                                Unit{"KiB", 1ULL << 10U}, Unit{"B", 1}};
constexpr std::uint64_t longest_ns = 10ULL * 365 * 24 * 3'600'000'000'000;
constexpr std::uint64_t largest_size = std::numeric_limits<std::int64_t>::max();

constexpr std::string_view duration_remedy = "write a number with a unit, such as 500ms, 30s, 5m or 1h";
constexpr std::string_view size_remedy = "write a whole number with a unit, such as 64KiB, 512MiB or 2GiB";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_while(std::string_view& rest, bool (*wanted)(char)) {
    const auto end = std::ranges::find_if_not(rest, wanted);
    const auto taken = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(taken.size());
    return taken;
}

std::optional<std::uint64_t> number(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

/// One number and its unit, cut off the text's beginning.
struct Part {
    std::string_view whole;
    std::string_view fraction;
    std::string_view unit;
};

std::optional<Part> take_part(std::string_view& rest) {
    Part part;
    part.whole = take_while(rest, is_digit);
    if (part.whole.empty()) return std::nullopt;
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        part.fraction = take_while(rest, is_digit);
        if (part.fraction.empty()) return std::nullopt;
    }
    part.unit = take_while(rest, [](char c) { return !is_digit(c) && c != '.' && c != '-' && c != '+'; });
    return part;
}

const Unit* unit_named(std::span<const Unit> units, std::string_view name) {
    const auto found = std::ranges::find(units, name, &Unit::name);
    return found == units.end() ? nullptr : &*found;
}

Misfit wrong_unit(std::string_view text, std::string_view unit, std::string_view remedy, std::string_view example) {
    if (unit.empty()) {
        return {in_quotes(text) + " has no unit", "write " + std::string(text.substr(0, 20)) + std::string(example) +
                                                      " if that is meant, or another unit"};
    }
    return {in_quotes(text) + " has the unknown unit " + in_quotes(unit), std::string(remedy)};
}

std::optional<Misfit> sign_misfit(std::string_view text, std::string_view remedy) {
    if (!text.starts_with('-')) return std::nullopt;
    return Misfit{in_quotes(text) + " is negative", std::string(remedy)};
}

// Digits behind the point, worth factor/10 each place; nothing where they do not come out even.
std::optional<std::uint64_t> fraction_of(std::string_view digits, std::uint64_t factor) {
    std::uint64_t sum = 0;
    for (const char c : digits) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (factor % 10 != 0 && digit != 0) return std::nullopt;
        factor /= 10;
        sum += digit * factor;
    }
    return sum;
}

std::optional<std::uint64_t> nanoseconds_of(const Part& part, const Unit& unit) {
    const auto whole = number(part.whole);
    const auto fraction = fraction_of(part.fraction, unit.factor);
    if (!whole || !fraction || *whole > longest_ns / unit.factor) return std::nullopt;
    const std::uint64_t sum = *whole * unit.factor + *fraction;
    return sum % duration_units.back().factor == 0 ? std::optional(sum) : std::nullopt;
}

}  // namespace

Parsed<Duration> parse_duration(std::string_view text) {
    if (text == "0") return Duration{0};
    if (auto misfit = sign_misfit(text, duration_remedy)) return *std::move(misfit);
    const Misfit no_duration{in_quotes(text) + " is no duration", std::string(duration_remedy)};
    std::uint64_t sum = 0;
    std::uint64_t last_factor = std::numeric_limits<std::uint64_t>::max();
    for (auto rest = text; !rest.empty() || text.empty();) {
        const auto part = take_part(rest);
        if (!part) return no_duration;
        const Unit* const unit = unit_named(duration_units, part->unit);
        if (!unit) return wrong_unit(text, part->unit, duration_remedy, "s");
        const bool lone_fraction = part->fraction.empty() || (rest.empty() && sum == 0);
        if (unit->factor >= last_factor || !lone_fraction) return no_duration;
        last_factor = unit->factor;
        const auto ns = nanoseconds_of(*part, *unit);
        if (!ns || (sum += *ns) > longest_ns) {
            return Misfit{in_quotes(text) + " is too long or too fine", "write at most 87600h, down to 1us"};
        }
    }
    return Duration{static_cast<Duration::rep>(sum)};
}

std::string to_text(Duration duration) {
    const auto ns = static_cast<std::uint64_t>(duration.count());
    for (const Unit& unit : duration_units) {
        if (ns != 0 && ns % unit.factor == 0) return std::to_string(ns / unit.factor) + std::string(unit.name);
    }
    return std::to_string(ns / duration_units.back().factor) + (ns == 0 ? "s" : "us");
}

Parsed<Bytes> parse_size(std::string_view text) {
    if (text == "0") return Bytes{0};
    if (auto misfit = sign_misfit(text, size_remedy)) return *std::move(misfit);
    auto rest = text;
    const auto part = take_part(rest);
    if (!part || !rest.empty() || !part->fraction.empty()) {
        return Misfit{in_quotes(text) + " is no size", std::string(size_remedy)};
    }
    const Unit* const unit = unit_named(size_units, part->unit);
    if (!unit) return wrong_unit(text, part->unit, size_remedy, "MiB");
    const auto count = number(part->whole);
    if (!count || *count > largest_size / unit->factor) {
        return Misfit{in_quotes(text) + " is too large", "write less than 8 EiB (8388608TiB)"};
    }
    return Bytes{*count * unit->factor};
}

std::string to_text(Bytes size) {
    for (const Unit& unit : size_units) {
        if (size.count != 0 && size.count % unit.factor == 0) {
            return std::to_string(size.count / unit.factor) + std::string(unit.name);
        }
    }
    return "0B";
}

void throw_exception_from_error(const Misfit& misfit, const boost::source_location&) {
    base::bug("unchecked result: " + misfit.cause);
}

}  // namespace poolhost::config
