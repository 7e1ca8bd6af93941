// SPDX-License-Identifier: Apache-2.0
// Builds the tree of a document from the parser's events, and refuses what is no plain configuration.
#pragma once

#include "config/document.hpp"

#include <yaml-cpp/eventhandler.h>

#include <map>

namespace poolhost::config {

/// Thrown through the parser where going on makes no sense; the fault has been noted before.
struct StopParsing {};

class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(const SourceText& source) : source_(source) {}

    /// What has been built; meaningful once the parser is through.
    [[nodiscard]] Document take() &&;
    void report(const YAML::Mark& mark, std::string cause, std::string remedy);
    [[nodiscard]] const Faults& faults() const { return faults_; }

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override { close(); }

private:
    /// A node with what an alias to it would cost.
    struct Built {
        std::shared_ptr<Node> node;
        std::size_t nodes = 1;
        std::size_t height = 1;
    };
    /// A list or map that is still open.
    struct Open {
        Built built;
        YAML::anchor_t anchor = 0;
        bool expects_key = false;  // of a map; else its value, or an item of a list
        MapEntry entry;            // of a map: the key that waits for its value
        std::map<std::string, Place> keys;
        bool drops_value = false;   // the key was refused, and so goes its value
        bool drops_itself = false;  // its tag was refused
    };

    [[nodiscard]] std::shared_ptr<Node> make(Node::Kind kind, const YAML::Mark& mark) const;
    [[nodiscard]] std::string path() const;
    void count(const YAML::Mark& mark, std::size_t nodes, std::size_t height);
    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind);
    void close();
    void finish(Built built, YAML::anchor_t anchor);
    void attach(const Built& built, Place place);
    void take_key(Open& map, const Node& key, Place place);
    void take_value(Open& map, const std::shared_ptr<Node>& value);

    const SourceText& source_;
    Faults faults_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, Built> anchors_;
    NodePtr root_;
    std::size_t nodes_ = 0;
    int documents_ = 0;
};

}  // namespace poolhost::config
