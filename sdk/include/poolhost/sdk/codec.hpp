// SPDX-License-Identifier: Apache-2.0
// How one C++ type travels: its name in signatures, decoding and encoding. Here: the frame, numbers, text and bytes.
#pragma once

#include "array.hpp"
#include "convert.hpp"
#include "decoder.hpp"
#include "encoder.hpp"
#include "text.hpp"

#include <string>
#include <string_view>

namespace poolhost::detail {

/// The user's structs whose fields are just being named, so that a struct inside itself ends.
template <class... Structs>
struct type_list {};

/// Specialised for every type that can travel:
///   argument, result   whether it can be an argument, a result
///   name<Open>(sink)   its name by the signature grammar of docs/abi.md
///   decode(decoder&)   throws argument_fault or malformed; what it returns may point into the call's memory
///   encode(encoder&, const T&)
template <class T>
struct codec {
    static constexpr bool argument = false;
    static constexpr bool result = false;
    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("?");
    }
};

template <class T>
struct type_writer {
    static constexpr void write(text_sink& out) { codec<T>::template name<type_list<>>(out); }
};

/// As in signatures: "span<float64>".
template <class T>
inline constexpr std::string_view type_name = constant_text<type_writer<T>>::view;

/// For types that go both ways and have a name of one word.
struct travels {
    static constexpr bool argument = true;
    static constexpr bool result = true;
};

template <number T>
[[noreturn]] void refuse_number(const decoder& in, const token& found) {
    if (is_out_of_range<T>(found)) in.wrong_number(type_name<T>, found);
    in.wrong_type(type_name<T>, found);
}

template <number T>
struct codec<T> : travels {
    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add(element_name(element_code<T>()));
    }
    static T decode(decoder& in) {
        const token found = in.next();
        const std::optional<T> number = converted<T>(found, rounding::nearest);
        if (!number) refuse_number<T>(in, found);
        return *number;
    }
    static void encode(encoder& out, T number) {
        if constexpr (std::is_same_v<T, bool>) {
            out.boolean(number);
        } else if constexpr (std::is_same_v<T, float>) {
            out.float32(number);
        } else if constexpr (floating<T>) {
            out.float64(number);
        } else if constexpr (std::is_signed_v<T>) {
            out.signed_integer(number);
        } else {
            out.unsigned_integer(number);
        }
    }
};

/// Text of a str, or of a bin: that is how text travels that is not UTF-8.
template <>
struct codec<std::string_view> : travels {
    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("string");
    }
    static std::string_view decode(decoder& in) {
        const token found = in.next();
        if (found.kind != token_kind::string && found.kind != token_kind::bytes) in.wrong_type("string", found);
        return found.text();
    }
    static void encode(encoder& out, std::string_view text) { out.string(text); }
};

template <>
struct codec<std::string> : codec<std::string_view> {
    static std::string decode(decoder& in) { return std::string(codec<std::string_view>::decode(in)); }
};

/// For results only: a literal, say.
template <>
struct codec<const char*> : codec<std::string_view> {
    static constexpr bool argument = false;
};

/// Bytes of a bin; a one-dimensional array of uint8 is the same thing.
template <>
struct codec<std::span<const std::byte>> : travels {
    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("bytes");
    }
    static std::span<const std::byte> decode(decoder& in) {
        const token found = in.next();
        if (found.kind == token_kind::bytes) return std::as_bytes(found.payload);
        const bool is_bytes = found.kind == token_kind::array && in.array().element == POOLHOST_ELEMENT_UINT8 &&
                              in.array().dimensions == 1;
        if (!is_bytes) in.wrong_type("bytes", found);
        return {in.array().data, in.array().count};
    }
    static void encode(encoder& out, std::span<const std::byte> all) { out.binary(all); }
};

template <>
struct codec<std::span<std::byte>> : codec<std::span<const std::byte>> {
    static constexpr bool argument = false;
};

/// A template only so that plugins without `bytes` do not pay for it when they are compiled.
template <std::same_as<bytes> Bytes>
struct codec<Bytes> : codec<std::span<const std::byte>> {
    static Bytes decode(decoder& in) {
        const auto all = codec<std::span<const std::byte>>::decode(in);
        return {all.begin(), all.end()};
    }
};

}  // namespace poolhost::detail
