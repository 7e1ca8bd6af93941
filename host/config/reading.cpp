// SPDX-License-Identifier: Apache-2.0
#include "config/reading.hpp"

#include "base/nearest.hpp"

#include <algorithm>
#include <array>

namespace poolhost::config {
namespace {

bool lies_below(std::string_view path, std::string_view above) {
    return path.starts_with(above) &&
           (path.size() == above.size() || path[above.size()] == '.' || path[above.size()] == '[');
}

std::string join(std::string_view above, std::string_view key) {
    return std::string(above) + (above.empty() ? "" : ".") + std::string(key);
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

void Reading::report(Place place, std::string key_path, std::string cause, std::string remedy) {
    take(Fault{place, std::move(key_path), std::move(cause), std::move(remedy)});
}

void Reading::take(Fault fault) {
    constexpr std::size_t enough = 1000;
    if (faults.size() < enough) faults.push_back(std::move(fault));
}

void Reading::report_at(const std::string& key_path, std::string cause, std::string remedy) {
    std::string known = key_path;
    while (!known.empty() && !origin.places.contains(known)) {
        const auto cut = known.find_last_of(".[");
        known.resize(cut == std::string::npos ? 0 : cut);
    }
    const auto found = origin.places.find(known);
    report(found == origin.places.end() ? Place{1, 1} : found->second, key_path, std::move(cause), std::move(remedy));
}

bool Reading::is_faulty(const std::string& key_path) const {
    return std::ranges::any_of(faults, [&](const Fault& fault) { return lies_below(fault.key_path, key_path); });
}

std::filesystem::path Reading::absolute(const std::filesystem::path& path) const {
    return (origin.file.parent_path() / path).lexically_normal();
}

void Value::fault(std::string cause, std::string remedy) const {
    reading->report(node->place, path, std::move(cause), std::move(remedy));
}

void Value::wrong_type(std::string_view what, std::string remedy) const {
    if (node->kind == Node::Kind::nothing) {
        fault("the key has no value", std::move(remedy) + ", or remove the key");
    } else if (!is_faulty()) {
        fault("expected " + std::string(what) + ", got " + what_stands(*node), std::move(remedy));
    }
}

std::vector<Value> Value::items() const {
    std::vector<Value> values;
    for (const NodePtr& item : node->items) {
        values.push_back(Value{reading, item, path + "[" + std::to_string(values.size()) + "]"});
        reading->origin.places[values.back().path] = item->place;
    }
    return values;
}

std::string what_stands(const Node& node) {
    switch (node.kind) {
        case Node::Kind::nothing:
            return "nothing";
        case Node::Kind::scalar:
            return in_quotes(node.text);
        case Node::Kind::list:
            return "a list";
        case Node::Kind::map:
            return "a map";
        case Node::Kind::faulty:
            break;
    }
    return "something faulty";
}

Section::Section(Value value) : value_(std::move(value)) {
    if (value_.node->kind != Node::Kind::map)
        value_.wrong_type("a map", "write its keys below it, one 'key: value' a line");
}

bool Section::has(std::string_view key) const {
    return std::ranges::find(value_.node->entries, key, &MapEntry::key) != value_.node->entries.end();
}

std::optional<Value> Section::find(std::string_view key) {
    known_.emplace_back(key);
    const auto entry = std::ranges::find(value_.node->entries, key, &MapEntry::key);
    if (entry == value_.node->entries.end()) return std::nullopt;
    Value found{value_.reading, entry->value, join(value_.path, key)};
    // An empty value has no place of its own worth naming.
    const bool empty = found.node->kind == Node::Kind::nothing;
    value_.reading->origin.places[found.path] = empty ? entry->key_place : entry->value->place;
    if (found.is_faulty()) return std::nullopt;
    return found;
}

void Section::require(std::string_view key, std::string remedy) {
    if (value_.node->kind != Node::Kind::map || has(key)) return;
    const std::string path = join(value_.path, key);
    const auto says_why = [&](const Fault& fault) { return fault.key_path == value_.path || fault.key_path == path; };
    const auto means_it = [&](const MapEntry& entry) {
        const std::array wanted{std::string(key)};
        return std::ranges::find(known_, entry.key) == known_.end() && base::nearest_name(entry.key, wanted);
    };
    // It was written and refused, or misspelt: one fault is enough.
    if (std::ranges::any_of(value_.reading->faults, says_why)) return;
    if (std::ranges::any_of(value_.node->entries, means_it)) return;
    value_.reading->report_at(path, "the key is missing", std::move(remedy));
}

void Section::finish() const {
    for (const MapEntry& entry : value_.node->entries) {
        if (std::ranges::find(known_, entry.key) != known_.end()) continue;
        const auto nearest = base::nearest_name(entry.key, known_);
        const std::string remedy = nearest ? "did you mean '" + *nearest + "'?" : "the keys here are " + listed(known_);
        value_.reading->report(entry.key_place, join(value_.path, entry.key), "there is no key of this name", remedy);
    }
}

}  // namespace poolhost::config
