// SPDX-License-Identifier: Apache-2.0
// Values of unknown shape: whatever a caller can send, and whatever a task may want to answer.
#pragma once

#include "codec_array.hpp"

#include <utility>
#include <variant>

namespace poolhost {

/// Numbers of one element type (POOLHOST_ELEMENT_…) with their shape, in row-major order.
struct typed_array {
    std::uint8_t element = POOLHOST_ELEMENT_UINT8;
    std::vector<std::size_t> shape;
    bytes elements;

    friend bool operator==(const typed_array&, const typed_array&) = default;
};

/// null, bool, a number, text, bytes, a list, a map with string keys (in the order they came) or a typed array.
class value {
    // What uses the variant is a template: its parts are compiled only for those who use them.
public:
    using list = std::vector<value>;
    using map = std::vector<std::pair<std::string, value>>;

    value() = default;
    template <std::same_as<std::nullptr_t> T>
    value(T) {}
    template <class T>
        requires(detail::is_any_of<T, std::string, bytes, list, map, typed_array>)
    value(T held) : held_(std::move(held)) {}
    template <std::convertible_to<std::string_view> T>
        requires(!detail::is_any_of<T, std::string, std::nullptr_t>)
    value(const T& text) : held_(std::string(std::string_view(text))) {}
    /// Integers are held as int64, as uint64 only where they need to be; float as double.
    template <detail::number T>
    value(T number) : held_(canonical(number)) {}

    /// What is held, if it is a T: bool, std::int64_t, std::uint64_t (only beyond int64), double, std::string, bytes,
    /// list, map or typed_array; else null.
    template <class T>
    [[nodiscard]] const T* get_if() const noexcept {
        return std::get_if<T>(&held_);
    }
    template <class T>
    [[nodiscard]] T* get_if() noexcept {
        return std::get_if<T>(&held_);
    }
    [[nodiscard]] bool is_null() const noexcept { return held_.index() == 0; }

    /// The entry of a map; null where this is no map or has no such key.
    template <std::convertible_to<std::string_view> Key>
    [[nodiscard]] const value* find(const Key& key) const noexcept {
        const map* entries = get_if<map>();
        if (entries == nullptr) return nullptr;
        for (const auto& entry : *entries) {
            if (entry.first == std::string_view(key)) return &entry.second;
        }
        return nullptr;
    }

    /// Calls visitor(x) with what is held; with std::monostate for null.
    template <class Visitor>
    decltype(auto) visit(Visitor&& visitor) const {
        return std::visit(std::forward<Visitor>(visitor), held_);
    }

    friend bool operator==(const value&, const value&) = default;

private:
    using variant = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, bytes, list,
                                 map, typed_array>;

    template <class T>
    static variant canonical(T number) {
        if constexpr (std::is_same_v<T, bool>) {
            return number;
        } else if constexpr (detail::floating<T>) {
            return static_cast<double>(number);
        } else if constexpr (std::is_unsigned_v<T>) {
            if (number > static_cast<std::uint64_t>(INT64_MAX)) return static_cast<std::uint64_t>(number);
            return static_cast<std::int64_t>(number);
        } else {
            return static_cast<std::int64_t>(number);
        }
    }

    variant held_;
};

namespace detail {

/// A template only so that plugins without a `value` do not pay for it when they are compiled.
template <std::same_as<value> Value>
struct codec<Value> : travels {
    template <class Open>
    static constexpr void name(text_sink& out) {
        out.add("value");
    }

    static Value decode(decoder& in) {
        const token found = in.next();
        switch (found.kind) {
            case token_kind::null:
                return {};
            case token_kind::boolean:
                return found.number != 0;
            case token_kind::integer:
                return found.negative ? Value(static_cast<std::int64_t>(found.number)) : Value(found.number);
            case token_kind::float32:
            case token_kind::float64:
                return found.as_double();
            case token_kind::string:
                return found.text();
            case token_kind::bytes:
                return bytes_of(std::as_bytes(found.payload));
            case token_kind::list:
                return decode_list(in, found.count);
            case token_kind::map:
                return decode_map(in, found.count);
            case token_kind::array:
                return decode_array(in.array());
            case token_kind::extension:
                break;
        }
        in.wrong_type("value", found);
    }

    static void encode(encoder& out, const Value& any) {
        any.visit([&out](const auto& held) { encode_held(out, held); });
    }

private:
    static bytes bytes_of(std::span<const std::byte> raw) { return {raw.begin(), raw.end()}; }

    static Value decode_list(decoder& in, std::size_t count) {
        std::vector<Value> all;
        step at(in, std::size_t{0});
        for (std::size_t i = 0; i < count; ++i) {
            at.move_to(i);
            all.push_back(decode(in));
        }
        return all;
    }
    static Value decode_map(decoder& in, std::size_t count) {
        std::vector<std::pair<std::string, Value>> all;
        for (std::size_t i = 0; i < count; ++i) {
            std::string key = codec<std::string>::decode(in);
            const step at(in, std::string_view(key));
            Value entry = decode(in);
            all.emplace_back(std::move(key), std::move(entry));
        }
        return all;
    }
    static Value decode_array(const typed_elements& array) {
        const auto shape = array.shape();
        return typed_array{array.element,
                           {shape.begin(), shape.end()},
                           bytes_of({array.data, array.count * element_size(array.element)})};
    }

    static void encode_held(encoder& out, std::monostate) { out.null(); }
    template <class T>
    static void encode_held(encoder& out, const T& held) {
        codec<T>::encode(out, held);
    }
    static void encode_held(encoder& out, const std::vector<Value>& all) {
        out.list(all.size());
        for (const Value& element : all) encode(out, element);
    }
    static void encode_held(encoder& out, const std::vector<std::pair<std::string, Value>>& all) {
        out.map(all.size());
        for (const auto& [key, entry] : all) {
            out.string(key);
            encode(out, entry);
        }
    }
    static void encode_held(encoder& out, const typed_array& array) {
        std::size_t size = element_size(array.element);
        bool fits = size != 0 && !array.shape.empty() && array.shape.size() <= 8;
        for (const std::size_t extent : array.shape) fits = fits && !__builtin_mul_overflow(size, extent, &size);
        if (!fits || size != array.elements.size())
            throw result_error("a typed array whose shape does not fit its size");
        out.typed_array(array.element, array.shape, array.elements.data());
    }
};

}  // namespace detail
}  // namespace poolhost
