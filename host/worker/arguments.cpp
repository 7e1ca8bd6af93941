// SPDX-License-Identifier: Apache-2.0
#include "worker/arguments.hpp"

#include "worker/json_reader.hpp"

#include <poolhost/plugin.h>
#include <poolhost/sdk/msgpack_reader.hpp>

#include <string>
#include <utility>

namespace poolhost::worker {
namespace {

using Bytes = std::span<const std::byte>;
using detail::malformed;
using detail::msgpack_reader;
using detail::token;
using detail::token_kind;

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
std::span<const std::uint8_t> octets(Bytes bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

wire::CallError fault(std::string message, std::string expected, std::string got) {
    return {std::move(message), wire::BadArguments{0, {}, std::move(expected), std::move(got)}};
}

std::string place(std::size_t argument, const std::string& name) {
    if (!name.empty()) return "argument '" + name + "': ";
    return argument != 0 ? "argument " + std::to_string(argument) + ": " : "arguments: ";
}

wire::CallError json_fault(const JsonFault& json, std::size_t argument, std::string name) {
    std::string message = place(argument, name) + json.message;
    return {std::move(message),
            wire::BadArguments{static_cast<std::uint32_t>(argument), std::move(name), "JSON", json.message}};
}

wire::CallError not_a_container(const std::string& got) {
    return fault("the arguments are an array, by position, or an object, by name; got " + got, "array or object", got);
}

// What stands where the arguments should, in JSON's words.
std::string kind_in_words(const token& head) {
    switch (head.kind) {
        case token_kind::null:
            return "null";
        case token_kind::boolean:
            return "a boolean";
        case token_kind::integer:
        case token_kind::float32:
        case token_kind::float64:
            return "a number";
        case token_kind::string:
            return "a string";
        case token_kind::bytes:
            return "bytes";
        case token_kind::list:
        case token_kind::map:
            break;
        case token_kind::extension:
        case token_kind::array:
            return "an extension";
    }
    return "a container";
}

bool is_container(const token& head) { return head.kind == token_kind::list || head.kind == token_kind::map; }
bool is_json(const token& head) { return head.kind == token_kind::extension && head.extension == POOLHOST_EXT_JSON; }

std::size_t element_count(const token& head) { return head.kind == token_kind::map ? 2 * head.count : head.count; }

// Whether one of the outermost elements is JSON. What is nested in the last one is never walked through.
bool holds_json(Bytes arguments) {
    msgpack_reader reader(octets(arguments));
    const token head = reader.next();
    for (std::size_t left = element_count(head); left > 0; --left) {
        const std::size_t start = reader.position();
        const token element = reader.next();
        if (is_json(element)) return true;
        if (left == 1 || !is_container(element)) continue;
        reader.seek(start);
        reader.skip();
    }
    return false;
}

}  // namespace

ArgumentsOrFault ArgumentConverter::convert(wire::Encoding encoding, Bytes bytes) {
    out_.clear();
    switch (encoding) {
        case wire::Encoding::messagepack:
            return convert_elements(bytes);
        case wire::Encoding::json:
            return convert_json(bytes);
        case wire::Encoding::json_item:
            return convert_item(bytes);
        case wire::Encoding::text_item:
            return convert_text(bytes);
    }
    return fault("the arguments have an unknown encoding", {}, {});
}

ArgumentsOrFault ArgumentConverter::convert_json(Bytes text) {
    if (auto json = read_json(text_of(text), out_)) return json_fault(*json, json->element, std::move(json->member));
    const token head = msgpack_reader(octets(out_.written())).next();
    if (!is_container(head)) return not_a_container(kind_in_words(head));
    return out_.written();
}

ArgumentsOrFault ArgumentConverter::convert_item(Bytes text) {
    out_.list_of_one();
    if (const auto json = read_json(text_of(text), out_)) return json_fault(*json, 1, {});
    return out_.written();
}

ArgumentsOrFault ArgumentConverter::convert_text(Bytes text) {
    if (text.size() > UINT32_MAX) return wire::CallError{"an argument of more than 4 GiB of text", wire::TooLarge{}};
    out_.list_of_one();
    out_.text(text_of(text));
    return out_.written();
}

ArgumentsOrFault ArgumentConverter::convert_elements(Bytes arguments) try {
    msgpack_reader reader(octets(arguments));
    const token head = reader.next();
    if (!is_container(head)) return not_a_container(kind_in_words(head));
    if (!holds_json(arguments)) return arguments;
    out_.copy(arguments.first(reader.position()));
    std::string name;
    for (std::size_t i = 0; i < element_count(head); ++i) {
        const std::size_t start = reader.position();
        const token element = reader.next();
        const bool by_name = head.kind == token_kind::map;
        if (by_name && i % 2 == 0) name = element.text();
        if (!is_json(element)) {
            reader.seek(start);
            reader.skip();
            out_.copy(arguments.subspan(start, reader.position() - start));
        } else if (const auto json = read_json(element.text(), out_)) {
            return json_fault(*json, by_name ? 0 : i + 1, name);
        }
    }
    return out_.written();
} catch (const malformed& broken) {
    return fault(std::string("the arguments are not MessagePack: ") + broken.what, "MessagePack", broken.what);
}

}  // namespace poolhost::worker
