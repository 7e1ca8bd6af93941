// SPDX-License-Identifier: Apache-2.0
#include "config/pool_config.hpp"

#include <algorithm>
#include <string_view>

namespace poolhost::config {
namespace {

constexpr std::string_view index_mark = "{index}";

}  // namespace

bool EnvEntry::depends_on_rank() const {
    return per_rank || std::ranges::any_of(values, [](const std::string& value) {
               return value.find(index_mark) != std::string::npos;
           });
}

std::string EnvEntry::value_for(std::uint32_t rank) const {
    std::string value = values.at(per_rank ? rank : 0);
    const std::string number = std::to_string(rank);
    for (auto at = value.find(index_mark); at != std::string::npos; at = value.find(index_mark, at + number.size())) {
        value.replace(at, index_mark.size(), number);
    }
    return value;
}

}  // namespace poolhost::config
