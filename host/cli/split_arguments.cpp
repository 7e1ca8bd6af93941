// SPDX-License-Identifier: Apache-2.0
#include "cli/split_arguments.hpp"

#include <algorithm>

namespace poolhost::cli {
namespace {

const KnownOption* find(std::span<const KnownOption> known, std::string_view name) {
    const auto found = std::ranges::find(known, name, &KnownOption::name);
    return found == known.end() ? nullptr : &*found;
}

/// How a word that begins with a dash is to be read.
struct Reading {
    bool is_option = false;
    bool next_is_value = false;
};

Reading read_long(std::string_view word, std::span<const KnownOption> known) {
    const KnownOption* const option = find(known, word);
    return {true, option != nullptr && option->takes_value};
}

// -j 4, or -j4: a single-letter option that takes a value may have it right behind.
Reading read_short(std::string_view word, std::span<const KnownOption> known, bool task_is_there) {
    const KnownOption* const option = find(known, word.substr(0, 2));
    if (option == nullptr) return {!task_is_there, false};
    if (word.size() == 2) return {true, option->takes_value};
    return {option->takes_value, false};
}

}  // namespace

SplitArguments split_arguments(std::span<const std::string> words, std::span<const KnownOption> known) {
    SplitArguments split;
    const auto take = [&split](const std::string& word) {
        if (split.task) {
            split.args.push_back(word);
        } else {
            split.task = word;
        }
    };
    bool options_ended = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (options_ended || word.size() < 2 || word[0] != '-') {
            take(word);
            continue;
        }
        if (word == "--") {
            options_ended = true;
            continue;
        }
        const Reading reading =
            word[1] == '-' ? read_long(word, known) : read_short(word, known, split.task.has_value());
        if (!reading.is_option) {
            take(word);
            continue;
        }
        split.options.push_back(word);
        if (reading.next_is_value && i + 1 < words.size()) split.options.push_back(words[++i]);
    }
    return split;
}

}  // namespace poolhost::cli
