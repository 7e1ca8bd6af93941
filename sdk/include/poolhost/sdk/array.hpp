// SPDX-License-Identifier: Apache-2.0
// Arrays of numbers that carry their shape, and result memory that is shared with the host already.
#pragma once

#include "number.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace poolhost {

/// Raw bytes that a task owns. To look at an argument's bytes without a copy, take std::span<const std::byte>.
using bytes = std::vector<std::byte>;

namespace detail {

template <std::size_t N>
constexpr std::size_t element_count(const std::array<std::size_t, N>& shape) {
    std::size_t count = 1;
    for (const std::size_t extent : shape) count *= extent;
    return count;
}

template <std::size_t N>
constexpr std::size_t row_major_offset(const std::array<std::size_t, N>& shape,
                                       const std::array<std::size_t, N>& index) {
    std::size_t offset = 0;
    for (std::size_t dimension = 0; dimension < N; ++dimension) offset = offset * shape[dimension] + index[dimension];
    return offset;
}

}  // namespace detail

/// An N-dimensional array of numbers in row-major order that owns its elements. As an argument it is a copy;
/// ndarray<const T, N> is the view that copies nothing.
template <class T, std::size_t N>
class ndarray {
    static_assert(detail::number<T>, "poolhost: the elements of an ndarray are numbers or bool");
    static_assert(N >= 1 && N <= 8, "poolhost: an ndarray has 1 to 8 dimensions");

public:
    using shape_type = std::array<std::size_t, N>;

    ndarray() : shape_{} {}
    /// Every element is zero.
    explicit ndarray(const shape_type& shape) : shape_(shape), elements_(detail::element_count(shape)) {}
    /// A copy of `elements`, of which there must be as many as the shape says.
    ndarray(const shape_type& shape, std::span<const T> elements) : ndarray(shape) {
        if (elements.size() != elements_.size()) throw std::invalid_argument("ndarray: elements do not fill the shape");
        for (std::size_t i = 0; i < elements.size(); ++i) data()[i] = elements[i];
    }

    [[nodiscard]] const shape_type& shape() const noexcept { return shape_; }
    [[nodiscard]] std::size_t size() const noexcept { return elements_.size(); }
    [[nodiscard]] T* data() noexcept { return reinterpret_cast<T*>(elements_.data()); }
    [[nodiscard]] const T* data() const noexcept { return reinterpret_cast<const T*>(elements_.data()); }
    [[nodiscard]] std::span<T> elements() noexcept { return {data(), size()}; }
    [[nodiscard]] std::span<const T> elements() const noexcept { return {data(), size()}; }

    /// Unchecked, as operator[] of a vector: array(row, column).
    template <std::convertible_to<std::size_t>... Index>
        requires(sizeof...(Index) == N)
    T& operator()(Index... index) noexcept {
        return data()[detail::row_major_offset<N>(shape_, {static_cast<std::size_t>(index)...})];
    }
    template <std::convertible_to<std::size_t>... Index>
        requires(sizeof...(Index) == N)
    const T& operator()(Index... index) const noexcept {
        return data()[detail::row_major_offset<N>(shape_, {static_cast<std::size_t>(index)...})];
    }

    friend bool operator==(const ndarray&, const ndarray&) = default;

private:
    // std::vector<bool> has no elements to point at.
    using stored = std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>;
    shape_type shape_;
    std::vector<stored> elements_;
};

/// A view of an N-dimensional array of numbers in row-major order. As an argument it is valid until the task returns.
template <class T, std::size_t N>
class ndarray<const T, N> {
public:
    using shape_type = std::array<std::size_t, N>;

    ndarray() noexcept : shape_{}, data_(nullptr) {}
    ndarray(const shape_type& shape, const T* data) noexcept : shape_(shape), data_(data) {}

    [[nodiscard]] const shape_type& shape() const noexcept { return shape_; }
    [[nodiscard]] std::size_t size() const noexcept { return detail::element_count(shape_); }
    [[nodiscard]] const T* data() const noexcept { return data_; }
    [[nodiscard]] std::span<const T> elements() const noexcept { return {data_, size()}; }

    template <std::convertible_to<std::size_t>... Index>
        requires(sizeof...(Index) == N)
    const T& operator()(Index... index) const noexcept {
        return data_[detail::row_major_offset<N>(shape_, {static_cast<std::size_t>(index)...})];
    }

private:
    shape_type shape_;
    const T* data_;
};

/// Memory from context::allocate(), 64-byte aligned and shared with the host: fill it, return it, and nothing is
/// copied. A handle, cheap to copy; the memory lives until the task returns, its contents are undefined at first.
/// To the caller it is bytes (T = std::byte), text (T = char), or an array of numbers with its shape.
template <class T, std::size_t N = 1>
class shared_array {
    static_assert(detail::number<T> || (N == 1 && detail::is_any_of<T, std::byte, char>),
                  "poolhost: shared memory holds numbers, or in one dimension std::byte or char");

public:
    using shape_type = std::array<std::size_t, N>;

    shared_array(T* data, const shape_type& shape, std::uint64_t id) noexcept : data_(data), shape_(shape), id_(id) {}

    [[nodiscard]] const shape_type& shape() const noexcept { return shape_; }
    [[nodiscard]] std::size_t size() const noexcept { return detail::element_count(shape_); }
    [[nodiscard]] T* data() const noexcept { return data_; }
    [[nodiscard]] T* begin() const noexcept { return data_; }
    [[nodiscard]] T* end() const noexcept { return data_ + size(); }
    [[nodiscard]] T& operator[](std::size_t index) const noexcept { return data_[index]; }
    [[nodiscard]] std::span<T> elements() const noexcept { return {data_, size()}; }
    operator std::span<T>() const noexcept { return elements(); }

    /// Leaves only the first `rows` of the outermost dimension: for results whose size is known only at the end.
    void truncate(std::size_t rows) noexcept {
        if (rows < shape_[0]) shape_[0] = rows;
    }

    /// The host's name for this memory (poolhost_buffer_head.id).
    [[nodiscard]] std::uint64_t id() const noexcept { return id_; }

private:
    T* data_;
    shape_type shape_;
    std::uint64_t id_;
};

}  // namespace poolhost
