// SPDX-License-Identifier: Apache-2.0
#include "pool/line_splitter.hpp"

namespace poolhost::pool {
namespace {

bool continues_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// No longer than the longest line, and not within a character where that can be helped.
std::size_t first_piece(std::string_view line) {
    if (line.size() <= longest_line) return line.size();
    constexpr std::size_t longest_character = 4;
    std::size_t size = longest_line;
    while (size > longest_line - longest_character && continues_a_character(line[size])) --size;
    return continues_a_character(line[size]) ? longest_line : size;
}

}  // namespace

void LineSplitter::take(std::string_view bytes) {
    for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
        unfinished_.append(bytes.substr(0, end));
        if (unfinished_.ends_with('\r')) unfinished_.pop_back();
        emit_in_pieces(unfinished_);
        unfinished_.clear();
        bytes.remove_prefix(end + 1);
    }
    unfinished_.append(bytes);
    while (unfinished_.size() > longest_line) {
        const std::size_t piece = first_piece(unfinished_);
        on_line_(std::string_view(unfinished_).substr(0, piece));
        unfinished_.erase(0, piece);
    }
}

void LineSplitter::emit_in_pieces(std::string_view line) {
    do {
        const std::size_t piece = first_piece(line);
        on_line_(line.substr(0, piece));
        line.remove_prefix(piece);
    } while (!line.empty());
}

void LineSplitter::finish() {
    if (unfinished_.empty()) return;
    on_line_(unfinished_);
    unfinished_.clear();
}

}  // namespace poolhost::pool
