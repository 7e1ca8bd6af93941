// SPDX-License-Identifier: Apache-2.0
// Structs to bytes and back, for messages between processes of one build on one machine.
//
// A struct says its fields once, as `static void fields(auto& self, auto&& visit) { visit(self.a, self.b); }`; writing
// and reading both follow that list. Numbers are in the machine's order, text and lists are preceded by their 32-bit
// count, arrays of a fixed size by nothing.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace poolhost::wire {

template <class T>
concept HasFields = requires(T& value) { T::fields(value, [](auto&...) {}); };

/// An enum says which of its values is the last one, so that no other is ever read: `constexpr E last_of(E)`, beside
/// it.
template <class T>
concept Ranged = std::is_enum_v<T> && std::is_unsigned_v<std::underlying_type_t<T>> && requires(T value) {
    { last_of(value) } -> std::same_as<T>;
};

template <class T>
concept Plain = std::is_arithmetic_v<T> || Ranged<T>;

/// Appends values to a byte vector.
class Encoder {
public:
    [[nodiscard]] std::vector<std::byte> take() && { return std::move(bytes_); }

    template <Plain T>
    void write(const T& value) {
        append(&value, sizeof value);
    }
    void write(const std::string& text) {
        write(static_cast<std::uint32_t>(text.size()));
        append(text.data(), text.size());
    }
    template <class A, class B>
    void write(const std::pair<A, B>& pair) {
        write(pair.first);
        write(pair.second);
    }
    template <class T>
    void write(const std::vector<T>& list) {
        write(static_cast<std::uint32_t>(list.size()));
        for (const T& item : list) write(item);
    }
    template <class T, std::size_t N>
    void write(const std::array<T, N>& list) {
        for (const T& item : list) write(item);
    }
    template <class T>
    void write(const std::optional<T>& value) {
        write(value.has_value());
        if (value) write(*value);
    }
    template <class... T>
    void write(const std::variant<T...>& value) {
        write(static_cast<std::uint32_t>(value.index()));
        std::visit([this](const auto& held) { write(held); }, value);
    }
    template <HasFields T>
    void write(const T& value) {
        T::fields(value, [&](const auto&... field) { (write(field), ...); });
    }

private:
    void append(const void* data, std::size_t size) {
        const auto* const start = static_cast<const std::byte*>(data);
        bytes_.insert(bytes_.end(), start, start + size);
    }

    std::vector<std::byte> bytes_;
};

/// Reads values back; after the first fault everything reads as empty and ok() is false. Never reads beyond its bytes.
class Decoder {
public:
    explicit Decoder(std::span<const std::byte> bytes) : rest_(bytes) {}

    /// Everything fitted, and nothing is left over.
    [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }

    void read(bool& value) {
        std::uint8_t byte = 0;
        read(byte);
        if (byte > 1) ok_ = false;
        value = byte == 1;
    }
    template <class T>
        requires std::is_arithmetic_v<T>
    void read(T& value) {
        take(&value, sizeof value);
    }
    template <Ranged T>
    void read(T& value) {
        std::underlying_type_t<T> number = 0;
        read(number);
        if (number > static_cast<std::underlying_type_t<T>>(last_of(value))) ok_ = false;
        value = ok_ ? static_cast<T>(number) : T{};
    }
    void read(std::string& text) {
        text.resize(read_count(1));
        take(text.data(), text.size());
    }
    template <class A, class B>
    void read(std::pair<A, B>& pair) {
        read(pair.first);
        read(pair.second);
    }
    template <class T>
    void read(std::vector<T>& list) {
        const std::size_t count = read_count(1);
        list.clear();
        for (std::size_t i = 0; i < count && ok_; ++i) read(list.emplace_back());
    }
    template <class T, std::size_t N>
    void read(std::array<T, N>& list) {
        for (T& item : list) read(item);
    }
    template <class T>
    void read(std::optional<T>& value) {
        bool present = false;
        read(present);
        value.reset();
        if (present && ok_) read(value.emplace());
    }
    template <class... T>
    void read(std::variant<T...>& value) {
        std::uint32_t index = 0;
        read(index);
        std::uint32_t candidate = 0;
        const bool known = ((candidate++ == index ? (read(value.template emplace<T>()), true) : false) || ...);
        if (!known) ok_ = false;
    }
    template <HasFields T>
    void read(T& value) {
        T::fields(value, [&](auto&... field) { (read(field), ...); });
    }

private:
    // A count cannot be larger than what is left could hold, so a forged one allocates nothing.
    std::size_t read_count(std::size_t smallest_item) {
        std::uint32_t count = 0;
        read(count);
        if (count > rest_.size() / smallest_item) ok_ = false;
        return ok_ ? count : 0;
    }
    void take(void* target, std::size_t size) {
        if (!ok_ || size > rest_.size()) {
            ok_ = false;
            return;
        }
        if (size == 0) return;
        std::memcpy(target, rest_.data(), size);
        rest_ = rest_.subspan(size);
    }

    std::span<const std::byte> rest_;
    bool ok_ = true;
};

template <class T>
std::vector<std::byte> encode(const T& value) {
    Encoder encoder;
    encoder.write(value);
    return std::move(encoder).take();
}

/// Nothing where the bytes are not exactly one T.
template <class T>
std::optional<T> decode(std::span<const std::byte> bytes) {
    Decoder decoder(bytes);
    T value{};
    decoder.read(value);
    return decoder.finished() ? std::optional(std::move(value)) : std::nullopt;
}

}  // namespace poolhost::wire
