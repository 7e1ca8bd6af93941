// SPDX-License-Identifier: Apache-2.0
// Text with places for the item in it, as GNU parallel writes them: {} {.} {/} {/.} {#}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace poolhost::cli {

/// An item and its place in the input, as a template sees them.
struct TemplateItem {
    std::string_view text;
    std::uint64_t index = 0;  // from 0
};

/// `{}` the item; `{.}` without its extension; `{/}` what follows its last slash; `{/.}` that without its extension;
/// `{#}` the item's number, counted from 1. Everything else stands for itself. There is no quoting and no shell: what
/// an item holds is never looked at again.
class Template {
public:
    explicit Template(std::string_view text);

    void append_to(std::string& out, const TemplateItem& item) const;
    [[nodiscard]] std::string expand(const TemplateItem& item) const;
    /// The same for every item.
    [[nodiscard]] bool constant() const;
    /// Nothing but `{}`.
    [[nodiscard]] bool item_itself() const;
    /// Different for every item: its number stands behind all else that varies, with no digit before it.
    [[nodiscard]] bool always_different() const;
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    enum class Place : std::uint8_t { literal, item, stem, name, name_stem, number };
    struct Piece {
        Place place = Place::literal;
        std::string text;  // of a literal
    };
    static void append_piece(std::string& out, const Piece& piece, const TemplateItem& item);
    [[nodiscard]] static std::vector<Piece> parse(std::string_view text);

    std::string text_;
    std::vector<Piece> pieces_;
};

}  // namespace poolhost::cli
