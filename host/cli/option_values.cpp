// SPDX-License-Identifier: Apache-2.0
#include "cli/option_values.hpp"

#include "base/nearest.hpp"
#include "config/units.hpp"

#include <charconv>
#include <vector>

namespace poolhost::cli {
namespace {

base::Error wrong(std::string_view option, const std::string& cause, const std::string& remedy) {
    return {std::string(option) + ": " + cause + "; " + remedy};
}

}  // namespace

base::Result<base::Duration> duration_value(std::string_view option, const std::string& text) {
    const auto parsed = config::parse_duration(text);
    if (!parsed) return wrong(option, parsed.error().cause, parsed.error().remedy);
    if (parsed->count() == 0) return wrong(option, "no time at all", "write a duration such as 500ms or 30s");
    return *parsed;
}

base::Result<std::uint64_t> count_value(std::string_view option, const std::string& text, std::uint64_t most) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number >= 1 && number <= most) return number;
    return wrong(option, "'" + text + "' is not possible", "write a whole number from 1 to " + std::to_string(most));
}

base::Result<base::StartMethod> start_method_value(std::string_view option, const std::string& text) {
    if (const auto method = base::start_method_named(text)) return *method;
    std::vector<std::string> names;
    for (const base::StartMethod method : base::all_start_methods) names.emplace_back(name_of(method));
    const auto nearest = base::nearest_name(text, names);
    return wrong(option, "there is no start method '" + text + "'",
                 nearest ? "did you mean " + *nearest + "?" : "write spawn, fork or forkserver");
}

}  // namespace poolhost::cli
