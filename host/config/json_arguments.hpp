// SPDX-License-Identifier: Apache-2.0
// The arguments of a preload or initializer, from YAML to the JSON that a worker takes.
#pragma once

#include "config/reading.hpp"

#include <string>

namespace poolhost::config {

/// What a plain scalar means by YAML's core schema.
enum class ScalarKind { text, null, boolean, integer, floating };
ScalarKind scalar_kind(const Node& scalar);

/// One line of JSON. Numbers keep their digits; .inf and .nan become {"$float": …}. A number beyond 64 bits is
/// reported, and null stands in its place.
std::string to_json(const Value& value);

/// The text in double quotes, escaped so that both JSON and YAML read it back.
std::string json_text(std::string_view text);

}  // namespace poolhost::config
