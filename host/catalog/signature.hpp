// SPDX-License-Identifier: Apache-2.0
// The signature of a task as a tree of types: read from a manifest's text, printed back, and asked by the command line.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::catalog {

enum class Kind : std::uint8_t {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
    String,
    Bytes,
    Value,  ///< data of unknown shape
    Null,
    Span,      ///< contiguous numbers: element
    NdArray,   ///< element, extent = number of dimensions
    List,      ///< children[0]
    Array,     ///< children[0], extent = number of elements
    Tuple,     ///< children
    Optional,  ///< children[0]
    Map,       ///< string keys; children[0] is the type of the values
    Enum,      ///< name, names = the enumerators
    Struct,    ///< name, names = the fields, children = their types
};

/// The word of the grammar that `kind` begins with: "int32", "ndarray", "struct", …
std::string_view word_of(Kind kind);
/// Whether `kind` can be the element of a span or an ndarray: bool and the numbers.
bool is_element(Kind kind);

/// One type of a signature. Fields that a kind does not use (see Kind) are empty.
struct Type {
    Kind kind = Kind::Null;
    Kind element = Kind::Null;
    std::uint64_t extent = 0;
    std::string name;
    std::vector<Type> children;
    std::vector<std::string> names;

    bool operator==(const Type&) const = default;

    /// The type inside an optional, else the type itself.
    [[nodiscard]] const Type& required() const;
};

struct Parameter {
    std::string name;
    Type type;

    bool operator==(const Parameter&) const = default;
};

struct Signature {
    std::vector<Parameter> parameters;
    Type result;

    bool operator==(const Signature&) const = default;

    /// Questions about parameter `index`, counted from 0; false beyond the last one. An optional counts as what it
    /// holds.
    [[nodiscard]] bool takes_text(std::size_t index) const;
    [[nodiscard]] bool takes_bytes(std::size_t index) const;
    [[nodiscard]] bool is_optional(std::size_t index) const;

    /// How many arguments have to be given: all but the trailing optional ones.
    [[nodiscard]] std::size_t required_count() const;
    [[nodiscard]] std::vector<std::string> parameter_names() const;
    [[nodiscard]] bool returns_bytes() const { return result.required().kind == Kind::Bytes; }
};

/// Reads "(name: type, …) -> type"; docs/abi.md has the grammar. Text and nesting are bounded (see signature.cpp), so
/// that a hostile manifest costs little. The error names the column.
base::Result<Signature> parse_signature(std::string_view text);

/// The text that parse_signature() reads back as the same tree.
std::string to_string(const Type& type);
std::string to_string(const Signature& signature);

}  // namespace poolhost::catalog
