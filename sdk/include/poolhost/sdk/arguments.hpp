// SPDX-License-Identifier: Apache-2.0
// From the outermost list (by position) or map (by name) of a call to the task's parameters.
#pragma once

#include "codec_container.hpp"

namespace poolhost::detail {

using parameter_names = std::span<const char* const>;

/// Finds each argument, wherever it stands.
class argument_list {
public:
    /// Of `names`, the first `required` must be there.
    argument_list(decoder& in, parameter_names names, std::size_t required)
        : in_(in), names_(names), required_(required), given_(in.reader.next()) {
        if (given_.kind == token_kind::map) {
            find_by_name();
        } else if (given_.kind != token_kind::list) {
            in_.fail("a list or map of arguments", type_in_words(given_, in_.array()));
        } else if (given_.count < required || given_.count > names.size()) {
            wrong_count();
        }
    }

    /// Goes to argument `index`; false where it was left out.
    bool enter(std::size_t index) {
        in_.argument = index + 1;
        in_.name = names_[index];
        in_.path.clear();
        in_.path.push(place{in_.name, place::no_index});
        if (given_.kind == token_kind::list) return index < given_.count;
        if (positions_[index] == nowhere) return false;
        in_.reader.seek(positions_[index]);
        return true;
    }

    /// After the last one.
    void leave() {
        in_.argument = 0;
        in_.name = {};
        in_.path.clear();
        if (given_.kind == token_kind::list && in_.reader.left() > 0) throw malformed{"more bytes than arguments"};
    }

private:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    void find_by_name() {
        positions_ = static_cast<std::size_t*>(in_.memory.take(names_.size() * sizeof(std::size_t)));
        for (std::size_t i = 0; i < names_.size(); ++i) positions_[i] = nowhere;
        for (std::size_t i = 0; i < given_.count; ++i) {
            const token key = in_.reader.next();
            if (key.kind != token_kind::string) in_.fail("names of arguments", type_in_words(key, in_.array()));
            const std::size_t index = index_of(key.text());
            if (positions_[index] != nowhere) twice(index);
            positions_[index] = in_.reader.position();
            in_.reader.skip();
        }
        if (in_.reader.left() > 0) throw malformed{"more bytes than arguments"};
        for (std::size_t i = 0; i < required_; ++i) {
            if (positions_[i] == nowhere) missing(i);
        }
    }

    [[nodiscard]] std::size_t index_of(std::string_view name) const {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (name == names_[i]) return i;
        }
        in_.name = name;
        in_.fail(listed(), name, joined({"unknown argument '", name, "', expected ", listed()}));
    }

    [[noreturn, gnu::cold]] void missing(std::size_t index) {
        enter(index);
        in_.fail("a value", "nothing", "is missing");
    }

    [[noreturn, gnu::cold]] void twice(std::size_t index) {
        enter(index);
        in_.fail("one value", "two", "is given twice");
    }

    /// "expected 2 arguments (x, y), got 3"
    [[noreturn, gnu::cold]] void wrong_count() const {
        const std::string most = std::to_string(names_.size());
        const std::string least = required_ < names_.size() ? joined({std::to_string(required_), " to "}) : "";
        const char* const noun = names_.size() == 1 ? " argument (" : " arguments (";
        const std::string expected = names_.empty() ? listed() : joined({least, most, noun, listed(), ")"});
        in_.fail(expected, std::to_string(given_.count));
    }

    [[nodiscard, gnu::cold]] std::string listed() const {
        if (names_.empty()) return "no arguments";
        std::string all;
        for (const char* const name : names_) {
            if (!all.empty()) all += ", ";
            all += name;
        }
        return all;
    }

    decoder& in_;
    parameter_names names_;
    std::size_t required_;
    token given_;
    std::size_t* positions_ = nullptr;  // by name only; in the call's memory
};

template <class T>
T decode_argument(argument_list& arguments, decoder& in, std::size_t index) {
    const bool given = arguments.enter(index);
    if constexpr (is_optional<T>) {
        if (!given) return std::nullopt;
    }
    return codec<T>::decode(in);
}

template <class... T, std::size_t... Index>
std::tuple<T...> decode_each(decoder& in, parameter_names names, std::index_sequence<Index...>) {
    constexpr std::size_t required = (std::size_t{0} + ... + (is_optional<T> ? 0 : 1));
    argument_list arguments(in, names, required);
    std::tuple<T...> all{decode_argument<T>(arguments, in, Index)...};
    arguments.leave();
    return all;
}

/// All arguments of a call. They may point into `in`, which has to outlive them.
template <class... T>
std::tuple<T...> decode_arguments(decoder& in, parameter_names names) {
    try {
        return decode_each<T...>(in, names, std::index_sequence_for<T...>{});
    } catch (const malformed& fault) {
        in.fail("MessagePack", "something else", joined({"malformed MessagePack: ", fault.what}));
    }
}

}  // namespace poolhost::detail
