// SPDX-License-Identifier: Apache-2.0
// How the user's own structs and enums travel: POOLHOST_STRUCT and POOLHOST_ENUM.
#pragma once

#include "codec_container.hpp"
#include "each.hpp"

namespace poolhost::detail {

/// "geo::point" is "point" to a caller.
constexpr std::string_view last_name(std::string_view qualified) {
    const std::size_t colon = qualified.rfind(':');
    return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

template <class Struct, auto... Members>
struct struct_description {
    std::string_view name;
    std::array<std::string_view, sizeof...(Members)> fields;
};

template <class Enum, std::size_t N>
struct enum_description {
    std::string_view name;
    std::array<std::string_view, N> names;
    std::array<Enum, N> values;
};

template <class T>
concept described = requires { poolhost_describe(static_cast<const T*>(nullptr)); };

template <class T>
inline constexpr auto description = poolhost_describe(static_cast<const T*>(nullptr));

/// The size where it is not there.
template <class T, std::size_t N>
constexpr std::size_t position_of(const T& wanted, const std::array<T, N>& all) {
    std::size_t index = 0;
    while (index < N && all[index] != wanted) ++index;
    return index;
}

template <class Object, class Field>
Field field_type(Field Object::*);

template <class T, class Description>
struct struct_codec;

template <class T, auto... Members>
struct struct_codec<T, struct_description<T, Members...>> : travels {
    template <class Open>
    static constexpr void name(text_sink& out) {
        name_within(out, Open{});
    }

    static T decode(decoder& in) {
        static_assert(std::default_initializable<T>, "poolhost: a struct argument needs a default constructor");
        static_assert((codec<decltype(field_type(Members))>::argument && ...),
                      "poolhost: a field of this struct has a type that cannot be an argument; docs/abi.md lists those "
                      "that can");
        const token head = in.next();
        if (head.kind != token_kind::map) in.wrong_type(type_name<T>, head);
        T all{};
        std::array<bool, sizeof...(Members)> seen{};
        for (std::size_t i = 0; i < head.count; ++i) decode_field(in, all, seen);
        constexpr bool may_miss[] = {is_optional<decltype(field_type(Members))>...};
        for (std::size_t i = 0; i < seen.size(); ++i) {
            if (!seen[i] && !may_miss[i]) missing_field(in, i);
        }
        return all;
    }

    static void encode(encoder& out, const T& all) {
        static_assert((codec<decltype(field_type(Members))>::result && ...),
                      "poolhost: a field of this struct has a type that cannot be in a result; docs/abi.md lists those "
                      "that can");
        out.map(sizeof...(Members));
        std::size_t index = 0;
        ((out.string(description<T>.fields[index++]), codec<decltype(field_type(Members))>::encode(out, all.*Members)),
         ...);
    }

private:
    [[noreturn, gnu::cold]] static void missing_field(const decoder& in, std::size_t index) {
        in.fail(type_name<T>, "none", joined({"field '", description<T>.fields[index], "' is missing"}));
    }

    [[noreturn, gnu::cold]] static void unknown_field(const decoder& in, std::string_view key) {
        std::string fields;
        for (const std::string_view field : description<T>.fields) {
            fields.append(joined({fields.empty() ? "" : ", ", field}));
        }
        in.fail(type_name<T>, key, joined({"unknown field '", key, "', expected ", fields}));
    }

    static void decode_field(decoder& in, T& all, std::array<bool, sizeof...(Members)>& seen) {
        const std::string_view key = codec<std::string_view>::decode(in);
        const auto& fields = description<T>.fields;
        const std::size_t index = position_of(key, fields);
        if (index == fields.size()) unknown_field(in, key);
        const step at(in, key);
        if (std::exchange(seen[index], true)) in.fail(type_name<T>, "a field twice", "is given twice");
        std::size_t member = 0;
        ((member++ == index ? void(all.*Members = codec<decltype(field_type(Members))>::decode(in)) : void()), ...);
    }

    /// Inside itself a struct is named `value`: a signature has an end.
    template <class... Structs>
    static constexpr void name_within(text_sink& out, type_list<Structs...>) {
        if constexpr (is_any_of<T, Structs...>) {
            out.add("value");
        } else {
            out.add("struct ");
            out.add(last_name(description<T>.name));
            std::size_t index = 0;
            (name_field<type_list<Structs..., T>, decltype(field_type(Members))>(out, index++), ...);
            out.add('}');
        }
    }
    template <class Open, class Field>
    static constexpr void name_field(text_sink& out, std::size_t index) {
        out.add(index == 0 ? "{" : ", ");
        out.add(description<T>.fields[index]);
        out.add(": ");
        codec<Field>::template name<Open>(out);
    }
};

template <class T>
    requires(std::is_class_v<T> && described<T>)
struct codec<T> : struct_codec<T, decltype(poolhost_describe(static_cast<const T*>(nullptr)))> {};

/// By name.
template <class T>
    requires(std::is_enum_v<T> && described<T>)
struct codec<T> : travels {
    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("enum ");
        out.add(last_name(description<T>.name));
        bool first = true;
        for (const std::string_view enumerator : description<T>.names) {
            out.add(std::exchange(first, false) ? "{" : ", ");
            out.add(enumerator);
        }
        out.add('}');
    }
    static T decode(decoder& in) {
        const token found = in.next();
        if (found.kind != token_kind::string) in.wrong_type(type_name<T>, found);
        const auto& names = description<T>.names;
        const std::size_t index = position_of(found.text(), names);
        if (index == names.size()) in.fail(type_name<T>, joined({"'", found.text(), "'"}));
        return description<T>.values[index];
    }
    static void encode(encoder& out, T value) {
        const auto& values = description<T>.values;
        const std::size_t index = position_of(value, values);
        if (index == values.size()) {
            throw result_error(joined({"the result is no enumerator of ", description<T>.name, ": ",
                                       std::to_string(static_cast<long long>(value))}));
        }
        out.string(description<T>.names[index]);
    }
};

/// By number.
template <class T>
    requires(std::is_enum_v<T> && !described<T>)
struct codec<T> : codec<std::underlying_type_t<T>> {
    using number_type = std::underlying_type_t<T>;
    static T decode(decoder& in) { return static_cast<T>(codec<number_type>::decode(in)); }
    static void encode(encoder& out, T value) { codec<number_type>::encode(out, static_cast<number_type>(value)); }
};

}  // namespace poolhost::detail

#define POOLHOST_DETAIL_MEMBER(TYPE, NAME) &TYPE::NAME
#define POOLHOST_DETAIL_ENUMERATOR(TYPE, NAME) TYPE::NAME
#define POOLHOST_DETAIL_QUOTE(TYPE, NAME) #NAME

/// POOLHOST_STRUCT(point, x, y) in the namespace of `point`: it travels as a map of these fields.
#define POOLHOST_STRUCT(TYPE, ...)                                                                             \
    [[maybe_unused]] constexpr auto poolhost_describe(const TYPE*) {                                           \
        return ::poolhost::detail::struct_description<TYPE, POOLHOST_DETAIL_EACH(POOLHOST_DETAIL_MEMBER, TYPE, \
                                                                                 __VA_ARGS__)>{                \
            #TYPE, {POOLHOST_DETAIL_EACH(POOLHOST_DETAIL_QUOTE, TYPE, __VA_ARGS__)}};                          \
    }

/// POOLHOST_ENUM(color, red, green) in the namespace of `color`: it travels as the name of its enumerator.
#define POOLHOST_ENUM(TYPE, ...)                                                                         \
    [[maybe_unused]] constexpr auto poolhost_describe(const TYPE*) {                                     \
        constexpr TYPE values[] = {POOLHOST_DETAIL_EACH(POOLHOST_DETAIL_ENUMERATOR, TYPE, __VA_ARGS__)}; \
        return ::poolhost::detail::enum_description<TYPE, sizeof(values) / sizeof(values[0])>{           \
            #TYPE,                                                                                       \
            {POOLHOST_DETAIL_EACH(POOLHOST_DETAIL_QUOTE, TYPE, __VA_ARGS__)},                            \
            {POOLHOST_DETAIL_EACH(POOLHOST_DETAIL_ENUMERATOR, TYPE, __VA_ARGS__)}};                      \
    }
