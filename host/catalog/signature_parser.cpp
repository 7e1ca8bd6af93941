// SPDX-License-Identifier: Apache-2.0
// A recursive descent over the grammar of signatures; every rule is one function.
#include "catalog/signature.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace poolhost::catalog {
namespace {

// Far beyond what a person writes, and small enough that no hostile text can exhaust the stack or the memory.
constexpr std::size_t text_limit = 64 * 1024;
constexpr int depth_limit = 32;
constexpr std::uint64_t dimension_limit = 8;  // as in poolhost_typed_array_head

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    std::optional<Signature> signature() {
        Signature result;
        if (!expect("(")) return {};
        while (!taken(")")) {
            if (!result.parameters.empty() && !expect(", ")) return {};
            auto parameter = field(0);
            if (!parameter) return {};
            result.parameters.push_back(std::move(*parameter));
        }
        if (!expect(" -> ")) return {};
        auto type = this->type(0);
        if (!type || !end()) return {};
        result.result = std::move(*type);
        return unique(result.parameters) ? std::optional(std::move(result)) : std::nullopt;
    }

    [[nodiscard]] const std::string& fault() const { return fault_; }

private:
    std::nullopt_t fail(const std::string& what) {
        if (fault_.empty()) fault_ = "column " + std::to_string(at_ + 1) + ": " + what;
        return std::nullopt;
    }

    bool taken(std::string_view symbol) {
        if (!text_.substr(at_).starts_with(symbol)) return false;
        at_ += symbol.size();
        return true;
    }

    bool expect(std::string_view symbol) {
        if (taken(symbol)) return true;
        fail("expected '" + std::string(symbol) + "'");
        return false;
    }

    bool end() {
        if (at_ == text_.size()) return true;
        fail("expected the end of the signature");
        return false;
    }

    std::optional<std::string> identifier() {
        std::size_t to = at_;
        while (to < text_.size() && (is_letter(text_[to]) || (to > at_ && is_digit(text_[to])))) ++to;
        if (to == at_) return fail("expected a name");
        std::string name(text_.substr(at_, to - at_));
        at_ = to;
        return name;
    }

    // A type's own name may say its namespaces: geometry::point.
    std::optional<std::string> qualified_name() {
        auto name = identifier();
        while (name && taken("::")) {
            const auto part = identifier();
            if (!part) return {};
            *name += "::" + *part;
        }
        return name;
    }

    std::optional<std::uint64_t> number() {
        std::uint64_t value = 0;
        const char* const from = text_.data() + at_;
        const auto [to, error] = std::from_chars(from, text_.data() + text_.size(), value);
        if (error != std::errc{}) return fail("expected a number");
        at_ += static_cast<std::size_t>(to - from);
        return value;
    }

    std::optional<Kind> kind() {
        const std::size_t from = at_;
        const auto word = identifier();
        if (!word) return {};
        for (auto kind = Kind::Bool; kind <= Kind::Struct; kind = static_cast<Kind>(static_cast<int>(kind) + 1))
            if (word_of(kind) == *word) return kind;
        at_ = from;
        return fail("'" + *word + "' is no type");
    }

    std::optional<Kind> element() {
        const std::size_t from = at_;
        const auto found = kind();
        if (!found || is_element(*found)) return found;
        at_ = from;
        return fail("expected a type of numbers, or bool");
    }

    std::optional<Type> type(int depth) {
        if (depth > depth_limit) return fail("nested too deeply; at most " + std::to_string(depth_limit) + " levels");
        const auto found = kind();
        if (!found) return {};
        Type result{.kind = *found, .element = Kind::Null, .extent = 0, .name = {}, .children = {}, .names = {}};
        return details(result, depth) ? std::optional(std::move(result)) : std::nullopt;
    }

    bool details(Type& type, int depth) {
        switch (type.kind) {
            case Kind::Span:
                return expect("<") && element_of(type) && expect(">");
            case Kind::NdArray:
                return expect("<") && element_of(type) && expect(", ") && dimensions(type) && expect(">");
            case Kind::Array:
                return expect("<") && child(type, depth) && expect(", ") && extent(type) && expect(">");
            case Kind::List:
            case Kind::Optional:
            case Kind::Map:
                return expect("<") && child(type, depth) && expect(">");
            case Kind::Tuple:
                return expect("<") && members(type, depth);
            case Kind::Enum:
                return expect(" ") && name_of(type) && expect("{") && enumerators(type);
            case Kind::Struct:
                return expect(" ") && name_of(type) && expect("{") && fields(type, depth);
            default:
                return true;
        }
    }

    bool element_of(Type& type) {
        const auto found = element();
        type.element = found.value_or(Kind::Null);
        return found.has_value();
    }

    bool extent(Type& type) {
        const auto found = number();
        type.extent = found.value_or(0);
        return found.has_value();
    }

    bool dimensions(Type& type) {
        if (!extent(type)) return false;
        if (type.extent >= 1 && type.extent <= dimension_limit) return true;
        fail("an ndarray has 1 to " + std::to_string(dimension_limit) + " dimensions");
        return false;
    }

    bool child(Type& type, int depth) {
        auto found = this->type(depth + 1);
        if (found) type.children.push_back(std::move(*found));
        return found.has_value();
    }

    bool name_of(Type& type) {
        auto found = qualified_name();
        if (found) type.name = std::move(*found);
        return found.has_value();
    }

    bool members(Type& type, int depth) {
        while (!taken(">"))
            if ((!type.children.empty() && !expect(", ")) || !child(type, depth)) return false;
        return true;
    }

    bool enumerators(Type& type) {
        while (!taken("}")) {
            if (!type.names.empty() && !expect(", ")) return false;
            auto name = identifier();
            if (!name) return false;
            type.names.push_back(std::move(*name));
        }
        return unique(type.names);
    }

    bool fields(Type& type, int depth) {
        while (!taken("}")) {
            if (!type.names.empty() && !expect(", ")) return false;
            auto parameter = field(depth + 1);
            if (!parameter) return false;
            type.names.push_back(std::move(parameter->name));
            type.children.push_back(std::move(parameter->type));
        }
        return unique(type.names);
    }

    std::optional<Parameter> field(int depth) {
        auto name = identifier();
        if (!name || !expect(": ")) return {};
        auto type = this->type(depth);
        if (!type) return {};
        return Parameter{.name = std::move(*name), .type = std::move(*type)};
    }

    bool unique(std::vector<std::string> names) {
        std::ranges::sort(names);
        const auto twice = std::ranges::adjacent_find(names);
        if (twice == names.end()) return true;
        fail("the name '" + *twice + "' stands twice");
        return false;
    }

    bool unique(const std::vector<Parameter>& parameters) {
        std::vector<std::string> names;
        for (const Parameter& parameter : parameters) names.push_back(parameter.name);
        return unique(std::move(names));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string fault_;
};

}  // namespace

base::Result<Signature> parse_signature(std::string_view text) {
    if (text.size() > text_limit)
        return base::Error{"signature of " + std::to_string(text.size()) + " bytes; at most " +
                           std::to_string(text_limit) + " are read"};
    Parser parser(text);
    auto signature = parser.signature();
    if (!signature) return base::Error{"signature '" + std::string(text.substr(0, 200)) + "', " + parser.fault()};
    return std::move(*signature);
}

}  // namespace poolhost::catalog
