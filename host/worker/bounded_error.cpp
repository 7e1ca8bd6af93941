// SPDX-License-Identifier: Apache-2.0
#include "worker/bounded_error.hpp"

#include <string>
#include <variant>
#include <vector>

namespace poolhost::worker {
namespace {

constexpr std::size_t longest_message = 16 * 1024;
constexpr std::size_t longest_word = 1024;
constexpr std::size_t longest_name = 100;
constexpr std::size_t most_names = 64;

void cut(std::string& text, std::size_t most) {
    if (text.size() <= most) return;
    text.resize(cut_text(text, most).size());
    text += " …";
}

void cut(std::vector<std::string>& names) {
    if (names.size() > most_names) names.resize(most_names);
    for (std::string& name : names) cut(name, longest_name);
}

// A worker reports three kinds; the others are its host's.
struct Cut {
    void operator()(wire::TaskError& error) const { cut(error.type, longest_word); }
    void operator()(wire::BadArguments& error) const {
        cut(error.name, longest_word);
        cut(error.expected, longest_word);
        cut(error.got, longest_word);
    }
    void operator()(wire::UnknownTask& error) const {
        cut(error.loaded);
        cut(error.searched);
    }
    void operator()(auto&) const {}
};

}  // namespace

std::string_view cut_text(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80) --most;
    return text.substr(0, most);
}

wire::CallError bounded(wire::CallError error) {
    cut(error.message, longest_message);
    std::visit(Cut{}, error.details);
    return error;
}

}  // namespace poolhost::worker
