// SPDX-License-Identifier: Apache-2.0
// Reading a document's tree key by key, so that every fault is noted and reading goes on behind it.
#pragma once

#include "config/document.hpp"
#include "config/host_config.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::config {

/// What is found out while one file is read.
struct Reading {
    Origin origin;                         ///< origin.file is absolute; relative paths are relative to its folder
    Faults faults;                         ///< of the document and of all that has been read
    std::map<std::string, NodePtr> calls;  ///< the arguments of preloads and initializers, by the path of the call
    std::uint32_t usable_cpus = 1;         ///< what `processes: auto` means

    void take(Fault fault);
    void report(Place place, std::string key_path, std::string cause, std::string remedy);
    /// The same at the place of the key, or of the nearest one above it that was written.
    void report_at(const std::string& key_path, std::string cause, std::string remedy);
    /// Whether something is wrong with this key or a key below it: what is concluded from it would only mislead.
    [[nodiscard]] bool is_faulty(const std::string& key_path) const;
    [[nodiscard]] std::filesystem::path absolute(const std::filesystem::path& path) const;
};

/// A node on its way to becoming a value.
struct Value {
    Reading* reading;
    NodePtr node;
    std::string path;

    void fault(std::string cause, std::string remedy) const;
    /// "expected WHAT, got a list", with the remedy.
    void wrong_type(std::string_view what, std::string remedy) const;
    [[nodiscard]] bool is_word(std::string_view word) const { return is_scalar() && node->text == word; }
    /// A word that quotation marks make a text of the user's.
    [[nodiscard]] bool is_none() const { return is_word("none") && !node->quoted; }
    [[nodiscard]] bool is_scalar() const { return node->kind == Node::Kind::scalar; }
    [[nodiscard]] bool is_faulty() const { return node->kind == Node::Kind::faulty; }
    /// The items of a list, each noted with its place.
    [[nodiscard]] std::vector<Value> items() const;
};

/// "a list", "the text 'abc'": what stands there, for messages.
std::string what_stands(const Node& node);

/// One map: its keys are asked for by name, and those that nobody asked for are faults.
class Section {
public:
    /// A value that is no map is a fault; the section is empty then.
    explicit Section(Value value);

    [[nodiscard]] const Value& value() const { return value_; }
    [[nodiscard]] bool has(std::string_view key) const;
    /// Nothing where the key was not written, or what stands there is a fault already.
    std::optional<Value> find(std::string_view key);
    /// The key read by `read` (Value -> optional), or else `fallback`.
    template <class T, class Read>
    T get(std::string_view key, T fallback, Read read) {
        const auto found = find(key);
        if (!found) return fallback;
        auto value = read(*found);
        return value ? T(*std::move(value)) : fallback;
    }
    /// The same for a key that may say `none`.
    template <class T, class Read>
    std::optional<T> get_if(std::string_view key, Read read) {
        const auto found = find(key);
        if (!found || found->is_none()) return std::nullopt;
        return read(*found);
    }
    /// Notes that a key has to be there.
    void require(std::string_view key, std::string remedy);
    /// Reports every key that nobody asked for. Call it last.
    void finish() const;

private:
    Value value_;
    std::vector<std::string> known_;
};

}  // namespace poolhost::config
