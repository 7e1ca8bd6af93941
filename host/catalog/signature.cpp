// SPDX-License-Identifier: Apache-2.0
#include "catalog/signature.hpp"

#include <array>
#include <utility>

namespace poolhost::catalog {
namespace {

constexpr std::array<std::string_view, 24> words{"bool",   "int8",   "int16",    "int32",   "int64",   "uint8",
                                                 "uint16", "uint32", "uint64",   "float32", "float64", "string",
                                                 "bytes",  "value",  "null",     "span",    "ndarray", "list",
                                                 "array",  "tuple",  "optional", "map",     "enum",    "struct"};
static_assert(words.size() == static_cast<std::size_t>(Kind::Struct) + 1);

std::string joined(const std::vector<Type>& types) {
    std::string text;
    for (const Type& type : types) text += (text.empty() ? "" : ", ") + to_string(type);
    return text;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string fields(const Type& type) {
    std::string text;
    for (std::size_t i = 0; i < type.children.size(); ++i)
        text += (i == 0 ? "" : ", ") + type.names.at(i) + ": " + to_string(type.children[i]);
    return text;
}

// What stands behind the kind's word.
std::string details(const Type& type) {
    const auto element = [&] { return std::string(word_of(type.element)); };
    switch (type.kind) {
        case Kind::Span:
            return "<" + element() + ">";
        case Kind::NdArray:
            return "<" + element() + ", " + std::to_string(type.extent) + ">";
        case Kind::Array:
            return "<" + joined(type.children) + ", " + std::to_string(type.extent) + ">";
        case Kind::List:
        case Kind::Tuple:
        case Kind::Optional:
        case Kind::Map:
            return "<" + joined(type.children) + ">";
        case Kind::Enum:
            return " " + type.name + "{" + joined(type.names) + "}";
        case Kind::Struct:
            return " " + type.name + "{" + fields(type) + "}";
        default:
            return {};
    }
}

}  // namespace

std::string_view word_of(Kind kind) { return words.at(static_cast<std::size_t>(kind)); }

bool is_element(Kind kind) { return kind <= Kind::Float64; }

const Type& Type::required() const { return kind == Kind::Optional && !children.empty() ? children.front() : *this; }

bool Signature::takes_text(std::size_t index) const {
    return index < parameters.size() && parameters[index].type.required().kind == Kind::String;
}

bool Signature::takes_bytes(std::size_t index) const {
    return index < parameters.size() && parameters[index].type.required().kind == Kind::Bytes;
}

bool Signature::is_optional(std::size_t index) const {
    return index < parameters.size() && parameters[index].type.kind == Kind::Optional;
}

std::size_t Signature::required_count() const {
    std::size_t count = parameters.size();
    while (count > 0 && is_optional(count - 1)) --count;
    return count;
}

std::vector<std::string> Signature::parameter_names() const {
    std::vector<std::string> names;
    for (const Parameter& parameter : parameters) names.push_back(parameter.name);
    return names;
}

std::string to_string(const Type& type) { return std::string(word_of(type.kind)) + details(type); }

std::string to_string(const Signature& signature) {
    std::string text;
    for (const Parameter& parameter : signature.parameters)
        text += (text.empty() ? "" : ", ") + parameter.name + ": " + to_string(parameter.type);
    return "(" + text + ") -> " + to_string(signature.result);
}

}  // namespace poolhost::catalog
