// SPDX-License-Identifier: Apache-2.0
// The name that somebody probably meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace poolhost::base {

/// The candidate with the smallest edit distance to `name`, where that is at most a third of its length (and at least
/// one edit is allowed); nothing where no candidate is that near.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace poolhost::base
