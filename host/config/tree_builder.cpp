// SPDX-License-Identifier: Apache-2.0
#include "config/tree_builder.hpp"

#include <yaml-cpp/mark.h>

#include <algorithm>

namespace poolhost::config {
namespace {

// The parser's names for "no tag": of a plain scalar or collection, and of a quoted scalar.
constexpr std::string_view plain_tag = "?";
constexpr std::string_view quoted_tag = "!";
constexpr std::string_view text_tag = "tag:yaml.org,2002:str";

Place place_in(const SourceText& source, const YAML::Mark& mark) {
    return source.place(static_cast<std::size_t>(std::max(mark.line, 0)),
                        static_cast<std::size_t>(std::max(mark.column, 0)));
}

std::string at(Place place) {
    return "line " + std::to_string(place.line) + ", column " + std::to_string(place.column);
}

}  // namespace

Document TreeBuilder::take() && { return Document{std::move(root_), std::move(faults_)}; }

std::string TreeBuilder::path() const {
    std::string path;
    for (const Open& open : open_) {
        const Node& node = *open.built.node;
        if (node.kind == Node::Kind::list) {
            path += "[" + std::to_string(node.items.size()) + "]";
        } else if (!open.expects_key) {
            path += (path.empty() ? "" : ".") + open.entry.key;
        }
    }
    return path;
}

void TreeBuilder::report(const YAML::Mark& mark, std::string cause, std::string remedy) {
    faults_.push_back(Fault{place_in(source_, mark), path(), std::move(cause), std::move(remedy)});
}

std::shared_ptr<Node> TreeBuilder::make(Node::Kind kind, const YAML::Mark& mark) const {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->place = place_in(source_, mark);
    return node;
}

// Bounds both what is written and what aliases unfold it to.
void TreeBuilder::count(const YAML::Mark& mark, std::size_t nodes, std::size_t height) {
    nodes_ += nodes;
    if (nodes_ > max_nodes) {
        report(mark, "the file holds more than " + std::to_string(max_nodes) + " values, aliases unfolded",
               "write fewer values, and no aliases of aliases");
        throw StopParsing{};
    }
    if (open_.size() + height > max_depth) {
        faults_.push_back(Fault{place_in(source_, mark), "",
                                "more than " + std::to_string(max_depth) + " levels lie within each other",
                                "no key needs more than a few levels: check the brackets and the indentation"});
        throw StopParsing{};
    }
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
    if (++documents_ > 1) {
        report(mark, "a second document begins here", "keep one document a file: remove the '---'");
        throw StopParsing{};
    }
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(mark, 1, 1);
    finish(Built{make(Node::Kind::nothing, mark)}, anchor);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
    count(mark, 1, 1);
    auto node = make(Node::Kind::scalar, mark);
    node->text = value;
    node->quoted = tag == quoted_tag || tag == text_tag;
    if (!node->quoted && tag != plain_tag && !tag.empty()) {
        report(mark, "the tag '" + tag + "' has no meaning here", "remove it; quotation marks make a text");
        node->kind = Node::Kind::faulty;
    } else if (value.find('\0') != std::string::npos) {
        report(mark, "the text holds a NUL character", "remove the escape that stands for it");
        node->kind = Node::Kind::faulty;
    }
    finish(Built{std::move(node)}, anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {  // known to the parser, so it is still open
        report(mark, "the alias stands inside of the value that it repeats", "write the value out");
        finish(Built{make(Node::Kind::faulty, mark)}, 0);
        return;
    }
    count(mark, found->second.nodes, found->second.height);
    attach(found->second, place_in(source_, mark));
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value) {
    open(mark, tag, anchor, Node::Kind::list);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value) {
    open(mark, tag, anchor, Node::Kind::map);
}

void TreeBuilder::open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    count(mark, 1, 1);
    Open opened;
    opened.built.node = make(kind, mark);
    opened.anchor = anchor;
    opened.expects_key = kind == Node::Kind::map;
    if (tag != plain_tag && !tag.empty()) {
        report(mark, "the tag '" + tag + "' has no meaning here", "remove it");
        opened.drops_itself = true;
    }
    open_.push_back(std::move(opened));
}

void TreeBuilder::close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (closed.drops_itself) {
        const Place place = closed.built.node->place;
        *closed.built.node = Node{};
        closed.built.node->kind = Node::Kind::faulty;
        closed.built.node->place = place;
    }
    finish(std::move(closed.built), closed.anchor);
}

void TreeBuilder::finish(Built built, YAML::anchor_t anchor) {
    attach(built, built.node->place);
    if (anchor != 0) anchors_[anchor] = std::move(built);
}

void TreeBuilder::attach(const Built& built, Place place) {
    if (open_.empty()) {
        root_ = built.node;
        return;
    }
    Open& parent = open_.back();
    parent.built.nodes += built.nodes;
    parent.built.height = std::max(parent.built.height, built.height + 1);
    if (parent.built.node->kind == Node::Kind::list) {
        parent.built.node->items.push_back(built.node);
    } else if (parent.expects_key) {
        take_key(parent, *built.node, place);
    } else {
        take_value(parent, built.node);
    }
}

void TreeBuilder::take_key(Open& map, const Node& key, Place place) {
    map.entry = MapEntry{key.text, place, nullptr};
    if (key.kind == Node::Kind::scalar && key.text == "<<" && !key.quoted) {
        faults_.push_back(Fault{place, path(), "merge keys ('<<') are not supported",
                                "write the keys out, or repeat a whole value with an alias"});
    } else if (key.kind != Node::Kind::scalar && key.kind != Node::Kind::faulty) {
        faults_.push_back(Fault{place, path(), "this key is no text", "write a name before the colon"});
    }
    map.drops_value = key.kind != Node::Kind::scalar || (key.text == "<<" && !key.quoted);
    map.expects_key = false;
    if (map.drops_value) return;
    const auto [first, is_new] = map.keys.emplace(key.text, place);
    map.drops_value = !is_new;
    if (!is_new) {
        faults_.push_back(Fault{place, path(), "the key stands here a second time, after " + at(first->second),
                                "keep one of the two"});
    }
}

void TreeBuilder::take_value(Open& map, const std::shared_ptr<Node>& value) {
    map.expects_key = true;
    if (map.drops_value) return;
    // The parser places a missing value where it noticed, on some later line.
    if (value->kind == Node::Kind::nothing) value->place = map.entry.key_place;
    map.entry.value = value;
    map.built.node->entries.push_back(std::move(map.entry));
}

}  // namespace poolhost::config
