// SPDX-License-Identifier: Apache-2.0
// One line of output an item: a plain value, or an object that says which item it belongs to.
#pragma once

#include "wire/call_error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace poolhost::cli {

enum class LineStyle {
    plain,    // VALUE, or {"error": {…}}
    indexed,  // {"index": N, "value": VALUE}, or {"index": N, "item": ITEM, "error": {…}}
};

/// What an item is, for those who read the lines.
enum class ItemKind {
    json,  // a JSON value, which stands in the line as it is
    text,  // text, which stands there as a JSON string
};

/// `value` is JSON on one line.
void append_value_line(std::string& out, LineStyle style, std::uint64_t index, std::string_view value);
void append_error_line(std::string& out, LineStyle style, std::uint64_t index, std::string_view item_json,
                       const wire::CallError& error);

/// An item as it stands in a line: valid JSON, without line feeds. An item that should be JSON and is not becomes a
/// string; text that is not UTF-8 becomes {"$bytes": "base64"}.
std::string item_json(ItemKind kind, std::string_view item);

}  // namespace poolhost::cli
