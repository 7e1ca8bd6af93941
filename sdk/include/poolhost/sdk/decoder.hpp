// SPDX-License-Identifier: Apache-2.0
// The state of decoding one call's arguments: the stream, the way into it, and memory that lives for the call.
#pragma once

#include "fault.hpp"
#include "msgpack_reader.hpp"
#include "typed_elements.hpp"

#include <cstdio>
#include <new>
#include <string>
#include <utility>

namespace poolhost::detail {

/// Memory for arguments that have no fitting place in the stream, aligned for anything; freed with the object.
class arena {
public:
    arena() = default;
    arena(const arena&) = delete;
    arena& operator=(const arena&) = delete;
    ~arena() {
        while (newest_ != nullptr) ::operator delete(std::exchange(newest_, newest_->older), alignment);
    }

    void* take(std::size_t size) {
        std::size_t whole = 0;
        if (__builtin_add_overflow(size, sizeof(block), &whole)) throw std::bad_alloc();
        newest_ = new (::operator new(whole, alignment)) block{newest_};
        return newest_ + 1;
    }

private:
    static constexpr std::align_val_t alignment{64};
    struct alignas(64) block {
        block* older;
    };
    block* newest_ = nullptr;
};

/// The way from the outermost list to the value being decoded.
class trail {
public:
    static constexpr std::size_t deepest = 100;

    trail() noexcept {}
    [[nodiscard]] bool is_full() const noexcept { return size_ == deepest; }
    void push(const place& step) noexcept { places_[size_++] = step; }
    void pop() noexcept { --size_; }
    void clear() noexcept { size_ = 0; }
    [[nodiscard]] place& back() noexcept { return places_[size_ - 1]; }
    [[nodiscard]] std::span<const place> places() const noexcept { return {places_, size_}; }

private:
    // Left uninitialized: most calls use one or two.
    union {
        place places_[deepest];
    };
    std::size_t size_ = 0;
};

/// What was found, in words: its type, or a number itself where the type is not the fault.
[[gnu::cold]] inline std::string type_in_words(const token& found, const typed_elements& array) {
    // clang-format off
    switch (found.kind) {
        case token_kind::null: return "null";
        case token_kind::boolean: return "bool";
        case token_kind::integer: return "integer";
        case token_kind::float32: return "float32";
        case token_kind::float64: return "float64";
        case token_kind::string: return "string";
        case token_kind::bytes: return "bytes";
        case token_kind::list: return "list";
        case token_kind::map: return "map";
        case token_kind::array: return array.type();
        case token_kind::extension: break;
    }
    // clang-format on
    return joined({"extension ", std::to_string(found.extension)});
}

[[gnu::cold]] inline std::string number_in_words(const token& number) {
    if (number.kind == token_kind::integer) {
        return number.negative ? std::to_string(static_cast<std::int64_t>(number.number))
                               : std::to_string(number.number);
    }
    char text[32];
    std::snprintf(text, sizeof(text), "%.17g", number.as_double());
    return text;
}

[[gnu::cold]] inline std::string elements_in_words(std::size_t count) {
    return joined({std::to_string(count), count == 1 ? " element" : " elements"});
}

class decoder {
public:
    /// `call` may be null where no buffers are to be had.
    decoder(std::span<const std::uint8_t> stream, const poolhost_call_v1* call) : reader(stream), call_(call) {}

    msgpack_reader reader;
    arena memory;
    trail path;
    std::size_t argument = 0;  // counted from 1
    std::string_view name;     // of that argument

    /// The next token, with buffer references resolved: what lies in a buffer reads as if it stood in the stream.
    token next() {
        token head = reader.next();
        if (head.kind != token_kind::extension) return head;
        if (head.extension == POOLHOST_EXT_TYPED_ARRAY) {
            array_ = inline_elements(head.payload);
            head.kind = token_kind::array;
        } else if (head.extension == POOLHOST_EXT_BUFFER) {
            resolve(head);
        }
        return head;
    }

    /// What the last token, an array, stands for.
    [[nodiscard]] const typed_elements& array() const noexcept { return array_; }

    [[noreturn, gnu::cold]] void wrong_type(std::string_view expected, const token& found) const {
        fail(expected, type_in_words(found, array_));
    }
    [[noreturn, gnu::cold]] void wrong_number(std::string_view expected, const token& found) const {
        fail(expected, number_in_words(found));
    }
    /// "argument 2 'width': expected int32, got string"
    [[noreturn, gnu::cold]] void fail(std::string_view expected, std::string_view got) const {
        fail(expected, got, joined({"expected ", expected, ", got ", got}));
    }
    [[noreturn, gnu::cold]] void fail(std::string_view expected, std::string_view got, std::string_view problem) const {
        const std::string place =
            argument == 0 ? ""
                          : joined({"argument ", std::to_string(argument), " '", path_in_words(path.places()), "': "});
        throw argument_fault{argument, std::string(name), std::string(expected), std::string(got),
                             joined({place, problem})};
    }

private:
    void resolve(token& head) {
        const poolhost_buffer_head reference = buffer_head(head.payload);
        const auto memory_named = buffer_memory(call_, reference);
        if (reference.what == POOLHOST_BUFFER_TYPED_ARRAY) {
            array_ = checked_elements(reference.element, head.payload.subspan(sizeof(reference)), memory_named);
            head.kind = token_kind::array;
            return;
        }
        head.kind = reference.what == POOLHOST_BUFFER_TEXT ? token_kind::string : token_kind::bytes;
        head.payload = {reinterpret_cast<const std::uint8_t*>(memory_named.data()), memory_named.size()};
    }

    typed_elements array_;
    const poolhost_call_v1* call_;
};

/// One step deeper into an argument, for as long as it lives.
class step {
public:
    step(decoder& in, std::string_view field) : step(in, place{field, place::no_index}) {}
    step(decoder& in, std::size_t index) : step(in, place{{}, index}) {}
    step(const step&) = delete;
    step& operator=(const step&) = delete;
    ~step() { in_.path.pop(); }

    void move_to(std::size_t index) { in_.path.back().index = index; }

private:
    step(decoder& in, const place& here) : in_(in) {
        if (in.path.is_full()) in.fail("at most 100 levels", "more");
        in.path.push(here);
    }

    decoder& in_;
};

}  // namespace poolhost::detail
