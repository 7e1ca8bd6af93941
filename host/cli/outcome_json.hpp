// SPDX-License-Identifier: Apache-2.0
// Outcomes and errors as the JSON that users read, each on one line.
#pragma once

#include "pool/call.hpp"

#include <string>
#include <string_view>

namespace poolhost::cli {

/// {"kind": …, "message": …} and what the kind carries. Durations are seconds; what there is none of is null.
std::string error_json(const wire::CallError& error);

/// The whole outcome. Its value has to be JSON already (ResultEncoding::json) and is inserted as it stands.
std::string outcome_json(const pool::Outcome& outcome);
/// The same with another JSON text for its value, such as file_json().
std::string outcome_json(const pool::Outcome& outcome, std::string_view value);

/// {"task": …, "error": …}: for a call that was refused before there was one.
std::string refusal_json(std::string_view task, const wire::CallError& error);

/// {"$file": "…"}: the value lies in this file.
std::string file_json(std::string_view path);

/// The text as a JSON string; what is no UTF-8 in it is replaced.
std::string json_string(std::string_view text);

/// Whether the text is one JSON value.
bool is_json(std::string_view text);

}  // namespace poolhost::cli
