// SPDX-License-Identifier: Apache-2.0
// How the standard library's containers travel: as lists, maps with string keys, and null for an empty optional.
#pragma once

#include "codec_array.hpp"

#include <optional>
#include <tuple>
#include <utility>

namespace poolhost::detail {

/// The list that must come next, of exactly `count` elements.
inline void expect_list(decoder& in, std::string_view expected, std::size_t count) {
    const token list = in.next();
    if (list.kind != token_kind::list) in.wrong_type(expected, list);
    if (list.count != count) in.fail(expected, elements_in_words(list.count));
}

/// std::vector of what is neither a number nor a byte: a list.
template <class T>
    requires(!number<T> && !std::is_same_v<T, std::byte>)
struct codec<std::vector<T>> {
    static constexpr bool argument = codec<T>::argument;
    static constexpr bool result = codec<T>::result;

    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("list<");
        codec<T>::template name<Open>(out);
        out.add('>');
    }
    static std::vector<T> decode(decoder& in) {
        // An element takes one byte of the stream, but may take many here: memory is taken as elements come.
        constexpr std::size_t reserved_at_most = 1024;
        const token list = in.next();
        if (list.kind != token_kind::list) in.wrong_type(type_name<std::vector<T>>, list);
        std::vector<T> all;
        all.reserve(list.count < reserved_at_most ? list.count : reserved_at_most);
        step at(in, std::size_t{0});
        for (std::size_t i = 0; i < list.count; ++i) {
            at.move_to(i);
            all.push_back(codec<T>::decode(in));
        }
        return all;
    }
    static void encode(encoder& out, const std::vector<T>& all) {
        out.list(all.size());
        for (const T& element : all) codec<T>::encode(out, element);
    }
};

template <class T, std::size_t N>
struct codec<std::array<T, N>> {
    static constexpr bool argument = codec<T>::argument && std::default_initializable<T>;
    static constexpr bool result = codec<T>::result;

    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("array<");
        codec<T>::template name<Open>(out);
        out.add(", ");
        out.add_number(N);
        out.add('>');
    }
    static std::array<T, N> decode(decoder& in) {
        std::array<T, N> all{};
        if constexpr (number<T>) {
            const auto view = decode_elements<T, 1>(in, type_name<std::array<T, N>>);
            if (view.shape[0] != N) in.fail(type_name<std::array<T, N>>, elements_in_words(view.shape[0]));
            for (std::size_t i = 0; i < N; ++i) all[i] = view.data[i];
        } else {
            expect_list(in, type_name<std::array<T, N>>, N);
            step at(in, std::size_t{0});
            for (std::size_t i = 0; i < N; ++i) {
                at.move_to(i);
                all[i] = codec<T>::decode(in);
            }
        }
        return all;
    }
    static void encode(encoder& out, const std::array<T, N>& all) {
        out.list(N);
        for (const T& element : all) codec<T>::encode(out, element);
    }
};

template <class Tuple, class... T>
struct tuple_codec {
    static constexpr bool argument = (codec<T>::argument && ...);
    static constexpr bool result = (codec<T>::result && ...);

    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("tuple<");
        std::size_t index = 0;
        (name_element<Open, T>(out, index++), ...);
        out.add('>');
    }
    static Tuple decode(decoder& in) {
        expect_list(in, type_name<Tuple>, sizeof...(T));
        return decode_elements_of(in, std::index_sequence_for<T...>{});
    }
    static void encode(encoder& out, const Tuple& all) {
        out.list(sizeof...(T));
        std::apply([&out](const T&... element) { (codec<T>::encode(out, element), ...); }, all);
    }

private:
    template <class Open, class Element>
    static constexpr void name_element(text_sink& out, std::size_t index) {
        if (index > 0) out.add(", ");
        codec<Element>::template name<Open>(out);
    }
    template <std::size_t... Index>
    static Tuple decode_elements_of(decoder& in, std::index_sequence<Index...>) {
        return Tuple{decode_element<T>(in, Index)...};
    }
    template <class Element>
    static Element decode_element(decoder& in, std::size_t index) {
        const step at(in, index);
        return codec<Element>::decode(in);
    }
};

template <class... T>
struct codec<std::tuple<T...>> : tuple_codec<std::tuple<T...>, T...> {};

template <class First, class Second>
struct codec<std::pair<First, Second>> : tuple_codec<std::pair<First, Second>, First, Second> {};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
struct codec<std::optional<T>> {
    static constexpr bool argument = codec<T>::argument;
    static constexpr bool result = codec<T>::result;

    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("optional<");
        codec<T>::template name<Open>(out);
        out.add('>');
    }
    static std::optional<T> decode(decoder& in) {
        if (in.reader.take_null()) return std::nullopt;
        return codec<T>::decode(in);
    }
    static void encode(encoder& out, const std::optional<T>& maybe) {
        if (!maybe) return out.null();
        codec<T>::encode(out, *maybe);
    }
};

/// Null could stand for either of the two.
template <class T>
struct codec<std::optional<std::optional<T>>> {
    static constexpr bool argument = false;
    static constexpr bool result = false;
    template <class Open>
    static constexpr void name(text_sink&) {}
};

/// std::map, std::unordered_map and whatever looks like them, so that neither header is needed here.
template <class T>
concept string_map = requires(T map, typename T::key_type key, typename T::mapped_type mapped) {
    requires std::is_same_v<typename T::key_type, std::string>;
    { map.emplace(std::move(key), std::move(mapped)).second } -> std::convertible_to<bool>;
    map.begin() != map.end();
    map.size();
};

template <string_map T>
struct codec<T> {
    using mapped = typename T::mapped_type;
    static constexpr bool argument = codec<mapped>::argument;
    static constexpr bool result = codec<mapped>::result;

    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("map<");
        codec<mapped>::template name<Open>(out);
        out.add('>');
    }
    static T decode(decoder& in) {
        const token head = in.next();
        if (head.kind != token_kind::map) in.wrong_type(type_name<T>, head);
        T all;
        for (std::size_t i = 0; i < head.count; ++i) {
            std::string key = codec<std::string>::decode(in);
            const step at(in, std::string_view(key));
            if (!all.emplace(key, codec<mapped>::decode(in)).second) {
                in.fail(type_name<T>, "a key twice", "is given twice");
            }
        }
        return all;
    }
    static void encode(encoder& out, const T& all) {
        out.map(all.size());
        for (const auto& [key, element] : all) {
            out.string(key);
            codec<mapped>::encode(out, element);
        }
    }
};

}  // namespace poolhost::detail
