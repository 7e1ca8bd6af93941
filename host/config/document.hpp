// SPDX-License-Identifier: Apache-2.0
// A YAML document as a tree of our own: aliases resolved within bounds, every node with its place.
#pragma once

#include "config/fault.hpp"
#include "config/source_text.hpp"

#include <memory>
#include <string>
#include <vector>

namespace poolhost::config {

struct Node;
/// Aliases share nodes; there are no cycles.
using NodePtr = std::shared_ptr<const Node>;

struct MapEntry {
    std::string key;
    Place key_place;
    NodePtr value;
};

struct Node {
    enum class Kind {
        nothing,  ///< no value, or null
        scalar,
        list,
        map,
        faulty,  ///< reported already: whoever meets it looks away
    };
    Kind kind = Kind::nothing;
    Place place;
    std::string text;     ///< of a scalar, as written; without quotation marks and escapes
    bool quoted = false;  ///< text for certain, whatever it looks like
    std::vector<NodePtr> items;
    std::vector<MapEntry> entries;  ///< in the file's order, each key once
};

struct Document {
    NodePtr root;  ///< null where the text could not be parsed to its end
    Faults faults;
};

inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_nodes = 100'000;  ///< counted as often as aliases repeat them

Document parse_document(const SourceText& source);

}  // namespace poolhost::config
