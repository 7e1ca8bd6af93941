// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.hpp"
#include "config/checks.hpp"
#include "config/json_arguments.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace poolhost::config {
namespace {

using catalog::Kind;

template <class T>
bool holds(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    T number{};
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc{} && parsed.ptr == end;
}

bool holds_integer(Kind kind, std::string_view text) {
    switch (kind) {
        case Kind::Int8:
            return holds<std::int8_t>(text);
        case Kind::Int16:
            return holds<std::int16_t>(text);
        case Kind::Int32:
            return holds<std::int32_t>(text);
        case Kind::Int64:
            return holds<std::int64_t>(text);
        case Kind::Uint8:
            return holds<std::uint8_t>(text);
        case Kind::Uint16:
            return holds<std::uint16_t>(text);
        case Kind::Uint32:
            return holds<std::uint32_t>(text);
        default:
            return holds<std::uint64_t>(text);
    }
}

// Whether a scalar can be this type; what is not known for certain counts as fitting.
bool scalar_fits(const Node& node, Kind kind) {
    const ScalarKind scalar = scalar_kind(node);
    switch (kind) {
        case Kind::Bool:
            return scalar == ScalarKind::boolean;
        case Kind::Int8:
        case Kind::Int16:
        case Kind::Int32:
        case Kind::Int64:
        case Kind::Uint8:
        case Kind::Uint16:
        case Kind::Uint32:
        case Kind::Uint64:
            return scalar == ScalarKind::integer && holds_integer(kind, node.text);
        case Kind::Float32:
        case Kind::Float64:
            return scalar == ScalarKind::integer || scalar == ScalarKind::floating;
        case Kind::String:
        case Kind::Bytes:
            return scalar == ScalarKind::text;
        case Kind::Enum:
            return scalar == ScalarKind::text || scalar == ScalarKind::integer;
        case Kind::Null:
        case Kind::Value:
            return true;
        case Kind::Optional:
        case Kind::Span:
        case Kind::NdArray:
        case Kind::List:
        case Kind::Array:
        case Kind::Tuple:
        case Kind::Map:
        case Kind::Struct:
            return false;
    }
    return true;
}

bool list_fits(Kind kind) {
    return kind == Kind::Span || kind == Kind::NdArray || kind == Kind::List || kind == Kind::Array ||
           kind == Kind::Tuple || kind == Kind::Value;
}

// {"$bytes": …} and its like stand for what a map cannot be.
bool map_fits(const Node& node, Kind kind) {
    const bool is_special = node.entries.size() == 1 && node.entries[0].key.starts_with('$');
    return is_special || kind == Kind::Map || kind == Kind::Struct || kind == Kind::Value || kind == Kind::NdArray;
}

bool is_null(const Node& node) {
    return node.kind == Node::Kind::nothing ||
           (node.kind == Node::Kind::scalar && scalar_kind(node) == ScalarKind::null);
}

bool fits(const Node& node, const catalog::Type& type) {
    if (type.kind == Kind::Optional && is_null(node)) return true;
    const Kind kind = type.required().kind;
    switch (node.kind) {
        case Node::Kind::nothing:
            return kind == Kind::Null || kind == Kind::Value;
        case Node::Kind::scalar:
            return scalar_fits(node, kind);
        case Node::Kind::list:
            return list_fits(kind);
        case Node::Kind::map:
            return map_fits(node, kind);
        case Node::Kind::faulty:
            break;
    }
    return true;
}

void check_argument(const Value& argument, std::size_t index, const catalog::TaskManifest& task) {
    const auto& parameter = task.signature.parameters[index];
    if (fits(*argument.node, parameter.type)) return;
    const std::string type = catalog::to_string(parameter.type);
    argument.fault("argument " + std::to_string(index + 1) + " '" + parameter.name + "': expected " + type + ", got " +
                       what_stands(*argument.node),
                   "'" + task.name + "' takes " + task.signature_text);
}

void check_list(const Value& arguments, const catalog::TaskManifest& task) {
    const std::size_t given = arguments.node->items.size();
    const std::size_t most = task.signature.parameters.size();
    const std::size_t least = task.signature.required_count();
    if (given < least || given > most) {
        const std::string wanted =
            least == most ? std::to_string(most) : std::to_string(least) + " to " + std::to_string(most);
        arguments.fault(
            "expected " + wanted + (wanted == "1" ? " argument" : " arguments") + ", got " + std::to_string(given),
            "'" + task.name + "' takes " + task.signature_text);
    }
    const auto items = arguments.items();
    for (std::size_t i = 0; i < std::min(given, most); ++i) check_argument(items[i], i, task);
}

void check_map(const Value& arguments, const catalog::TaskManifest& task) {
    const auto names = task.signature.parameter_names();
    for (const MapEntry& entry : arguments.node->entries) {
        const auto found = std::ranges::find(names, entry.key);
        const Value argument{arguments.reading, entry.value, arguments.path + "." + entry.key};
        if (found != names.end()) {
            check_argument(argument, static_cast<std::size_t>(found - names.begin()), task);
            continue;
        }
        const auto nearest = base::nearest_name(entry.key, names);
        arguments.reading->report(
            entry.key_place, argument.path, "the task has no argument of this name",
            nearest ? "did you mean '" + *nearest + "'?" : "'" + task.name + "' takes " + task.signature_text);
    }
    for (std::size_t i = 0; i < task.signature.required_count(); ++i) {
        if (std::ranges::find(arguments.node->entries, names[i], &MapEntry::key) == arguments.node->entries.end()) {
            arguments.fault("the argument '" + names[i] + "' is missing",
                            "'" + task.name + "' takes " + task.signature_text);
        }
    }
}

}  // namespace

void check_arguments(const Value& arguments, const catalog::TaskManifest& task) {
    if (arguments.node->kind == Node::Kind::list) {
        check_list(arguments, task);
    } else if (arguments.node->kind == Node::Kind::map) {
        check_map(arguments, task);
    }
}

}  // namespace poolhost::config
