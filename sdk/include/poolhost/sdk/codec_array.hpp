// SPDX-License-Identifier: Apache-2.0
// How arrays of numbers travel: as typed arrays, looked at in place where they are aligned; plain lists are copied.
#pragma once

#include "codec.hpp"

namespace poolhost::detail {

/// An array for as long as the call: the elements may be anywhere.
template <number T, std::size_t N>
struct element_view {
    std::array<std::size_t, N> shape;
    const T* data;
};

/// Where the elements lie, if they can be used there: of the same type, aligned, and for bool nothing but 0 and 1.
template <number T>
const T* in_place(const typed_elements& array) {
    if (array.element != element_code<T>()) return nullptr;
    if (reinterpret_cast<std::uintptr_t>(array.data) % alignof(T) != 0) return nullptr;
    if constexpr (std::is_same_v<T, bool>) {
        for (std::size_t i = 0; i < array.count; ++i) {
            if (static_cast<unsigned char>(array.data[i]) > 1) return nullptr;
        }
    }
    return reinterpret_cast<const T*>(array.data);
}

template <number T>
const T* copied(decoder& in, const typed_elements& array) {
    T* const copy = static_cast<T*>(in.memory.take(array.count * sizeof(T)));
    if (array.element == element_code<T>() && !std::is_same_v<T, bool>) {
        if (array.count > 0) std::memcpy(copy, array.data, array.count * sizeof(T));
        return copy;
    }
    for (std::size_t i = 0; i < array.count; ++i) {
        const token element = array.at(i);
        const std::optional<T> number = converted<T>(element, rounding::none);
        if (!number && !is_out_of_range<T>(element)) in.fail(type_name<std::span<const T>>, array.type());
        const step at(in, i);
        if (!number) in.wrong_number(type_name<T>, element);
        copy[i] = *number;
    }
    return copy;
}

/// Reads nested lists into `to`; every list of one level has the same number of elements.
template <number T>
T* fill_from_lists(decoder& in, std::span<const std::size_t> shape, T* to) {
    const token list = in.next();
    if (list.kind != token_kind::list) in.wrong_type("list", list);
    if (list.count != shape[0]) in.fail(elements_in_words(shape[0]), std::to_string(list.count));
    step at(in, std::size_t{0});
    for (std::size_t i = 0; i < list.count; ++i) {
        at.move_to(i);
        if (shape.size() > 1) {
            to = fill_from_lists(in, shape.subspan(1), to);
        } else {
            *to++ = codec<T>::decode(in);
        }
    }
    return to;
}

/// The shape that the first element of every level promises. `outermost` has been read already.
template <std::size_t N>
std::array<std::size_t, N> shape_of_lists(decoder& in, const token& outermost) {
    std::array<std::size_t, N> shape{outermost.count};
    std::size_t total = outermost.count;
    for (std::size_t level = 1; level < N && total > 0; ++level) {
        const token list = in.next();
        if (list.kind != token_kind::list) in.wrong_type("list", list);
        shape[level] = list.count;
        if (__builtin_mul_overflow(total, list.count, &total) || total > in.reader.left()) {
            throw malformed{"its lists are of different lengths, or cut off"};
        }
    }
    return shape;
}

template <number T, std::size_t N>
element_view<T, N> elements_of_lists(decoder& in, const token& outermost, std::size_t position) {
    const auto shape = shape_of_lists<N>(in, outermost);
    T* const copy = static_cast<T*>(in.memory.take(element_count(shape) * sizeof(T)));
    in.reader.seek(position);
    fill_from_lists(in, std::span<const std::size_t>(shape), copy);
    return {shape, copy};
}

/// Decodes an array of N dimensions from whatever may stand for one. `expected` is its name in faults.
template <number T, std::size_t N>
element_view<T, N> decode_elements(decoder& in, std::string_view expected) {
    const std::size_t position = in.reader.position();
    const token found = in.next();
    if (found.kind == token_kind::list) return elements_of_lists<T, N>(in, found, position);
    if constexpr (N == 1 && std::is_same_v<T, std::uint8_t>) {
        if (found.kind == token_kind::bytes) return {{found.payload.size()}, found.payload.data()};
    }
    if (found.kind != token_kind::array || in.array().dimensions != N) in.wrong_type(expected, found);
    const typed_elements array = in.array();
    element_view<T, N> view{{}, in_place<T>(array)};
    for (std::size_t i = 0; i < N; ++i) view.shape[i] = array.extents[i];
    if (view.data == nullptr) view.data = copied<T>(in, array);
    return view;
}

template <number T, std::size_t N>
constexpr void name_array(text_sink& out) {
    out.add(N == 1 ? "span<" : "ndarray<");
    out.add(element_name(element_code<T>()));
    if (N > 1) {
        out.add(", ");
        out.add_number(N);
    }
    out.add('>');
}

template <number T>
struct codec<std::span<const T>> : travels {
    template <class Open>
    static constexpr void name(text_sink& out) {
        name_array<T, 1>(out);
    }
    static std::span<const T> decode(decoder& in) {
        const auto view = decode_elements<T, 1>(in, type_name<std::span<const T>>);
        return {view.data, view.shape[0]};
    }
    static void encode(encoder& out, std::span<const T> elements) {
        const std::size_t shape[] = {elements.size()};
        out.typed_array(element_code<T>(), shape, elements.data());
    }
};

template <number T>
struct codec<std::span<T>> : codec<std::span<const T>> {
    static constexpr bool argument = false;
};

template <number T>
struct codec<std::vector<T>> : codec<std::span<const T>> {
    static std::vector<T> decode(decoder& in) {
        const auto view = codec<std::span<const T>>::decode(in);
        return {view.begin(), view.end()};
    }
    static void encode(encoder& out, const std::vector<T>& elements) {
        const std::size_t shape[] = {elements.size()};
        if constexpr (std::is_same_v<T, bool>) {
            const std::vector<unsigned char> plain(elements.begin(), elements.end());
            out.typed_array(POOLHOST_ELEMENT_BOOL, shape, plain.data());
        } else {
            out.typed_array(element_code<T>(), shape, elements.data());
        }
    }
};

template <number T, std::size_t N>
struct codec<ndarray<const T, N>> : travels {
    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("ndarray<");
        out.add(element_name(element_code<T>()));
        out.add(", ");
        out.add_number(N);
        out.add('>');
    }
    static ndarray<const T, N> decode(decoder& in) {
        const auto view = decode_elements<T, N>(in, type_name<ndarray<const T, N>>);
        return {view.shape, view.data};
    }
    template <class Array>
    static void encode(encoder& out, const Array& array) {
        out.typed_array(element_code<T>(), array.shape(), array.data());
    }
};

template <number T, std::size_t N>
    requires(!std::is_const_v<T>)
struct codec<ndarray<T, N>> : codec<ndarray<const T, N>> {
    static ndarray<T, N> decode(decoder& in) {
        const auto view = codec<ndarray<const T, N>>::decode(in);
        return {view.shape(), view.elements()};
    }
};

template <class T, std::size_t N>
struct codec<shared_array<T, N>> {
    static constexpr bool argument = false;
    static constexpr bool result = true;
    static constexpr std::uint8_t what = std::is_same_v<T, std::byte> ? POOLHOST_BUFFER_BYTES
                                         : std::is_same_v<T, char>    ? POOLHOST_BUFFER_TEXT
                                                                      : POOLHOST_BUFFER_TYPED_ARRAY;

    template <class Open>
    static constexpr void name(text_sink& out) {
        if constexpr (number<T>) {
            name_array<T, N>(out);
        } else {
            out.add(what == POOLHOST_BUFFER_TEXT ? "string" : "bytes");
        }
    }
    static void encode(encoder& out, const shared_array<T, N>& array) {
        poolhost_buffer_head head{what, 0, 0, {}, array.id(), 0, array.size() * sizeof(T)};
        if constexpr (number<T>) {
            head.element = element_code<T>();
            head.dimensions = static_cast<std::uint8_t>(N);
            out.buffer(head, array.shape());
        } else {
            out.buffer(head, {});
        }
    }
};

}  // namespace poolhost::detail
