// SPDX-License-Identifier: Apache-2.0
#include "cli/map_template.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace poolhost::cli {
namespace {

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// As GNU parallel has it: from the last dot on, which must lie behind the last slash; a leading dot hides a file and
// begins no extension.
std::string_view without_extension(std::string_view path) {
    const std::size_t name = path.rfind('/') + 1;
    const std::size_t dot = path.rfind('.');
    return dot == std::string_view::npos || dot <= name ? path : path.substr(0, dot);
}

}  // namespace

Template::Template(std::string_view text) : text_(text), pieces_(parse(text)) {}

std::vector<Template::Piece> Template::parse(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, Place>, 5> places{{{"{}", Place::item},
                                                                        {"{.}", Place::stem},
                                                                        {"{/}", Place::name},
                                                                        {"{/.}", Place::name_stem},
                                                                        {"{#}", Place::number}}};
    std::vector<Piece> pieces;
    while (!text.empty()) {
        const auto place = std::ranges::find_if(places, [&](const auto& one) { return text.starts_with(one.first); });
        if (place != places.end()) {
            pieces.push_back({place->second, {}});
            text.remove_prefix(place->first.size());
            continue;
        }
        if (pieces.empty() || pieces.back().place != Place::literal) pieces.push_back({});
        pieces.back().text += text.front();
        text.remove_prefix(1);
    }
    return pieces;
}

void Template::append_piece(std::string& out, const Piece& piece, const TemplateItem& item) {
    switch (piece.place) {
        case Place::literal:
            out += piece.text;
            break;
        case Place::item:
            out += item.text;
            break;
        case Place::stem:
            out += without_extension(item.text);
            break;
        case Place::name:
            out += name_of(item.text);
            break;
        case Place::name_stem:
            out += without_extension(name_of(item.text));
            break;
        case Place::number:
            out += std::to_string(item.index + 1);
            break;
    }
}

void Template::append_to(std::string& out, const TemplateItem& item) const {
    for (const Piece& piece : pieces_) append_piece(out, piece, item);
}

std::string Template::expand(const TemplateItem& item) const {
    std::string out;
    append_to(out, item);
    return out;
}

bool Template::constant() const {
    return std::ranges::all_of(pieces_, [](const Piece& piece) { return piece.place == Place::literal; });
}
bool Template::item_itself() const { return pieces_.size() == 1 && pieces_.front().place == Place::item; }
bool Template::always_different() const {
    const auto varies = [](const Piece& piece) { return piece.place != Place::literal; };
    const auto last = std::find_if(pieces_.rbegin(), pieces_.rend(), varies);
    if (last == pieces_.rend() || last->place != Place::number) return false;
    const auto before = std::next(last);
    if (before == pieces_.rend()) return true;
    return before->place == Place::literal && !std::isdigit(static_cast<unsigned char>(before->text.back()));
}

}  // namespace poolhost::cli
